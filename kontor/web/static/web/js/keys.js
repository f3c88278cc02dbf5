// The keyboard: / searches, g and a letter goes somewhere, ? shows all, Ctrl+Enter sends the form.

const WAIT_MS = 1200;
let prefix = 0;

const typing = (target) => target.closest?.("input, select, textarea, [contenteditable], dialog[open]");
const dialog = () => document.getElementById("shortcuts");

function showShortcuts() {
  if (!dialog().open) dialog().showModal();
}

function goTo(letter) {
  const link = document.querySelector(`a[data-go="${CSS.escape(letter)}"]`);
  link?.click();
  return Boolean(link);
}

function focusSearch() {
  const field = document.querySelector("main [data-search], [data-search], main input[type=search], input[type=search]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && event.target.matches?.("input[type=search]") && !event.target.value) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const afterG = Date.now() - prefix < WAIT_MS;
  prefix = 0;
  if (afterG && goTo(event.key)) event.preventDefault();
  else if (event.key === "g") prefix = Date.now();
  else if (event.key === "/" && focusSearch()) event.preventDefault();
  else if (event.key === "?") showShortcuts();
});

for (const button of document.querySelectorAll("[data-shortcuts]")) {
  button.hidden = false;
  button.addEventListener("click", showShortcuts);
}

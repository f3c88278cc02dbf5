// What finding goods gains by script: a choice to compare that lasts from page to page, lean addresses, links that open.

const KEY = "kontor.compare";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- the choice to compare ---

function kept() {
  try {
    const ids = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => /^\d{1,18}$/.test(id)) : [];
  } catch {
    return [];
  }
}

function keep(ids) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // a browser that keeps nothing still compares what is ticked on the page
  }
  showChoice();
}

function showChoice() {
  const ids = kept();
  for (const box of all("[data-compare]")) box.checked = ids.includes(box.value);
  const tray = document.querySelector("[data-compare-tray]");
  if (!tray) return;
  for (const field of all("input[data-kept]", tray)) field.remove();
  const here = new Set(all("[data-compare]").map((box) => box.value));
  for (const id of ids.filter((one) => !here.has(one))) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "p", value: id });
    field.dataset.kept = "yes";
    tray.append(field);
  }
  const count = tray.querySelector("[data-compare-count]");
  const full = ids.length >= Number(tray.dataset.most);
  const text = ids.length === 1 ? count.dataset.one : count.dataset.many;
  count.textContent = ids.length ? text.replace("{n}", ids.length) + (full ? `. ${count.dataset.full}` : "") : "";
  for (const box of all("[data-compare]")) box.disabled = full && !box.checked;
  tray.querySelector("[data-compare-clear]").hidden = !ids.length;
  tray.classList.toggle("chosen", ids.length > 0);
}

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-compare]");
  if (!box) return;
  const others = kept().filter((id) => id !== box.value);
  keep(box.checked ? [...others, box.value] : others);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-compare-link]");
  if (link) {
    const ids = [...new Set([...kept(), link.dataset.compareLink])].slice(-6);
    keep(ids);
    link.search = new URLSearchParams(ids.map((id) => ["p", id])).toString();
  }
  const removed = event.target.closest("[data-compare-remove]");
  if (removed) keep(kept().filter((id) => id !== removed.dataset.compareRemove));
  if (event.target.closest("[data-compare-clear]")) keep([]);
  const opener = event.target.closest("[data-open]");
  if (opener) {
    const fold = document.getElementById(opener.dataset.open);
    if (fold) {
      fold.open = true;
      setTimeout(() => fold.querySelector("textarea, input:not([type=hidden])")?.focus());
    }
  }
});

// --- addresses without empty fields ---

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.closest?.("form[data-lean]")) return;
  const given = event.detail.parameters;
  for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-lean]")) return;
  for (const field of [...event.target.elements]) if (field.name && field.value === "") field.disabled = true;
  setTimeout(() => [...event.target.elements].forEach((field) => (field.disabled = false)));
});

document.addEventListener("htmx:load", showChoice);
addEventListener("pageshow", showChoice);
showChoice();

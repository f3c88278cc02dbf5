// Suggestions under a search field while somebody types: arrows choose, Enter opens, Escape closes. Without it Enter searches.

const WAIT_MS = 120;
let number = 0;

function arm(field) {
  const form = field.form;
  const list = document.createElement("div");
  list.id = `suggest-${++number}`;
  list.className = "suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.getAttribute("aria-label") ?? "");
  field.parentElement.append(list);
  const said = document.createElement("span");
  said.className = "sr-only";
  said.setAttribute("role", "status");
  field.parentElement.append(said);
  const about = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(about)) field.setAttribute(name, value);

  let timer;
  let asking;
  let asked = "";
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) choose(null);
  }

  function choose(option) {
    chosen()?.removeAttribute("aria-selected");
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  async function ask() {
    const words = field.value.trim();
    if (words === asked) return;
    asked = words;
    asking?.abort();
    if (words.length < 2) {
      show(false);
      return;
    }
    asking = new AbortController();
    const address = `${field.dataset.suggest}?${new URLSearchParams({ q: words })}`;
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal });
      if (!answer.ok) return;
      const html = await answer.text();
      if (field.value.trim() !== words || document.activeElement !== field) return;
      list.innerHTML = html;
      const found = options();
      found.forEach((option, at) => (option.id = `${list.id}-${at}`));
      said.textContent = found.length ? field.dataset.found.replace("{n}", found.length) : "";
      show(found.length > 0);
    } catch (problem) {
      if (problem.name !== "AbortError") show(false);
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("focus", () => options().length && field.value.trim() === asked && show(true));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const here = all.indexOf(chosen());
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      if (list.hidden) show(true);
      const next = event.key === "ArrowDown" ? here + 1 : here < 0 ? all.length - 1 : here - 1;
      choose(all[next] ?? null);
    } else if (event.key === "Enter" && !list.hidden && here >= 0) {
      event.preventDefault();
      all[here].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || show(false));
  form.addEventListener("submit", () => show(false));
}

for (const field of document.querySelectorAll("input[data-suggest]")) arm(field);

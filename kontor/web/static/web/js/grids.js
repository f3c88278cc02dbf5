// Rows and numbers: quantity steppers, rows pasted from a spreadsheet, selection with a bulk bar, dropped files.

const DECIMAL = document.documentElement.dataset.decimal || ".";
const GROUP = DECIMAL === "," ? "." : ",";

export function read(text) {
  const plain = text.replace(/[\s\u00a0\u202f'’]/g, "");
  const grouped = new RegExp(`^[-+]?\\d{1,3}(\\${GROUP}\\d{3})+(\\${DECIMAL}\\d*)?$`).test(plain);
  const number = (grouped ? plain.replaceAll(GROUP, "") : plain).replace(DECIMAL, ".");
  return number === "" ? NaN : Number(number);
}

const decimals = (value) => (String(value).split(".")[1] ?? "").length;
const write = (value) => String(value).replace(".", DECIMAL);

function scaled(a, b, act) {
  const factor = 10 ** Math.max(decimals(a), decimals(b));
  return act(Math.round(a * factor), Math.round(b * factor)) / factor;
}

class Quantity extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.rules = [...this.querySelectorAll("[data-unit]")];
    this.take(this.dataset);
    this.classList.add("ready");
    for (const button of this.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.onclick = () => this.step(Number(button.dataset.step));
    }
    this.input.onkeydown = (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.step(event.key === "ArrowUp" ? 1 : -1);
    };
    this.input.oninput = () => this.check();
    const units = this.rules.length > 1 && this.closest("form").elements.namedItem("unit");
    if (units) {
      units.addEventListener("change", () => this.follow(units.value));
      addEventListener("pageshow", () => this.follow(units.value));
    }
    this.check();
  }

  take({ min, multiple }) {
    this.multiple = Number(multiple) || 1;
    this.least = scaled(Number(min) || 0, this.multiple, (least, step) => Math.ceil(least / step) * step);
  }

  // Another unit has other rules; the figure follows only when nobody has typed one.
  follow(unit) {
    const untouched = read(this.input.value) === this.least;
    for (const rule of this.rules) {
      rule.hidden = rule.dataset.unit !== unit;
      if (!rule.hidden) this.take(rule.dataset);
    }
    if (untouched) this.input.value = write(this.least);
    this.check();
  }

  // The next sellable quantity above or below; below the minimum there is nothing (0).
  step(direction) {
    const now = read(this.input.value) || 0;
    const steps = scaled(now, this.multiple, (value, multiple) => value / multiple);
    const whole = direction > 0 ? Math.floor(steps + 1e-9) + 1 : Math.ceil(steps - 1e-9) - 1;
    let next = Number((whole * this.multiple).toFixed(decimals(this.multiple)));
    if (next < this.least) next = direction > 0 ? this.least : 0;
    this.input.value = write(Math.max(0, next));
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Shown at once, decided by the server: the figure that was typed is never changed.
  check() {
    const value = read(this.input.value);
    const rest = scaled(value || 0, this.multiple, (a, b) => a % b);
    this.classList.toggle("off-step", this.input.value !== "" && !(rest === 0 && (value === 0 || value >= this.least)));
  }
}

customElements.define("k-quantity", Quantity);

// --- rows pasted from a spreadsheet ---

function cellsOf(line, columns) {
  if (line.includes("\t")) return line.split("\t");
  if (line.includes(";")) return line.split(";");
  return columns > 1 ? line.split(/\s*,\s*|\s+/) : [line];
}

function addRow(table) {
  const template = table.querySelector("template[data-row]");
  if (!template) return null;
  const row = template.content.firstElementChild.cloneNode(true);
  const index = String(table.tBodies[0].rows.length);
  for (const element of row.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes("__n__")) element.setAttribute(name, value.replaceAll("__n__", index));
    }
  }
  table.tBodies[0].append(row);
  return row;
}

const fieldOf = (row, column) => row.querySelector(`[data-column="${column}"]`);

function put(field, text) {
  field.value = text.trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("paste", (event) => {
  const table = event.target.closest?.("[data-paste-grid]");
  const text = event.clipboardData?.getData("text/plain").replace(/[\r\n]+$/, "") ?? "";
  const column = event.target.dataset?.column;
  if (!table || !column || !/[\t\n;]/.test(text)) return;
  event.preventDefault();
  const columns = table.dataset.pasteGrid.split(",").slice(table.dataset.pasteGrid.split(",").indexOf(column));
  let row = event.target.closest("tr");
  for (const line of text.split(/\r?\n/).filter((one) => one.trim())) {
    row ??= addRow(table);
    if (!row) break;
    cellsOf(line, columns.length).slice(0, columns.length).forEach((cell, index) => {
      const field = fieldOf(row, columns[index]);
      if (field) put(field, cell);
    });
    row = row.nextElementSibling;
  }
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (button) addRow(document.getElementById(button.dataset.addRow))?.querySelector("input, select")?.focus();
});

// --- selection ---

let last = null;

function boxesOf(scope) {
  return [...scope.querySelectorAll("td.select input[type=checkbox]")];
}

function showSelection(form) {
  const boxes = boxesOf(form);
  const chosen = boxes.filter((box) => box.checked).length;
  const head = form.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  bar.classList.toggle("active", chosen > 0);
  const counter = bar.querySelector("[data-bulk-count]");
  counter.textContent = chosen ? counter.dataset.text.replace("{n}", chosen) : "";
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("td.select input[type=checkbox]");
  if (!box) return;
  const boxes = boxesOf(box.closest("table"));
  if (event.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxesOf(event.target.closest("table"))) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-select-all], td.select input")) showSelection(form);
});

// --- files ---

function armDrop(drop) {
  const input = drop.querySelector("input[type=file]");
  const shown = drop.querySelector("[data-file-name]");
  drop.classList.add("ready");
  input.addEventListener("change", () => {
    if (input.files.length) shown.textContent = [...input.files].map((file) => file.name).join(", ");
  });
  drop.addEventListener("dragenter", () => drop.classList.add("over"));
  for (const end of ["dragleave", "drop"]) drop.addEventListener(end, () => drop.classList.remove("over"));
}

function arm(root) {
  for (const drop of root.querySelectorAll("[data-file-drop]:not(.ready)")) armDrop(drop);
  for (const head of root.querySelectorAll("[data-select-all]")) {
    head.hidden = false;
    showSelection(head.closest("form") ?? root);
  }
}

document.addEventListener("htmx:load", (event) => arm(event.detail.elt));
arm(document.body);

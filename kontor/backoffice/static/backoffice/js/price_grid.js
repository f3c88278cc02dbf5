// A grid of prices: arrow keys move between cells, Ctrl+D fills down, Ctrl+Z and Ctrl+Y take back and do again.

const done = [];
const undone = [];
const before = new WeakMap();
const AT_ONCE = 60;

const cellsOf = (grid) => [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[data-column]")]);

function placed(grid, cell) {
  const rows = cellsOf(grid);
  const y = rows.findIndex((row) => row.includes(cell));
  return { rows, y, x: y < 0 ? -1 : rows[y].indexOf(cell) };
}

function go(cell) {
  if (!cell) return;
  cell.focus();
  cell.select();
}

function set(cell, text) {
  cell.value = text;
  before.set(cell, text);
  cell.classList.toggle("changed", text !== cell.defaultValue);
}

// What was pasted or filled in one go is taken back in one go.
function step(from, to, side) {
  const last = from.pop();
  if (!last) return;
  to.push(last);
  for (const one of last.cells) set(one.cell, one[side]);
  go(last.cells[0].cell);
}

function note(cell) {
  const was = before.get(cell) ?? cell.defaultValue;
  if (was === cell.value) return;
  const last = done.at(-1);
  const now = performance.now();
  const same = last && now - last.at < AT_ONCE && !last.cells.some((one) => one.cell === cell);
  const typing = last && last.cells.length === 1 && last.cells[0].cell === cell && document.activeElement === cell;
  if (typing) last.cells[0].after = cell.value;
  else if (same) last.cells.push({ cell, was, after: cell.value });
  else done.push({ at: now, cells: [{ cell, was, after: cell.value }] });
  undone.length = 0;
  set(cell, cell.value);
}

function fillDown(grid, cell) {
  const { rows, y, x } = placed(grid, cell);
  if (y < 1) return;
  cell.value = rows[y - 1][x].value;
  note(cell);
  go(rows[y + 1]?.[x]);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-price-grid] input[data-column]")) note(event.target);
});

document.addEventListener("keydown", (event) => {
  const grid = event.target.closest?.("[data-price-grid]");
  if (!grid || !event.target.matches("input[data-column]")) return;
  const cell = event.target;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const { rows, y, x } = placed(grid, cell);
  const steps = { arrowup: [-1, 0], arrowdown: [1, 0], enter: [event.shiftKey ? -1 : 1, 0] };
  const atStart = cell.selectionStart === 0 && (cell.selectionEnd === 0 || cell.selectionEnd === cell.value.length);
  const atEnd = cell.selectionEnd === cell.value.length && (cell.selectionStart === 0 || cell.selectionStart === cell.value.length);
  if (atStart) steps.arrowleft = [0, -1];
  if (atEnd) steps.arrowright = [0, 1];
  if (control && key === "z") step(event.shiftKey ? undone : done, event.shiftKey ? done : undone, event.shiftKey ? "after" : "was");
  else if (control && key === "y") step(undone, done, "after");
  else if (control && key === "d") fillDown(grid, cell);
  else if (!control && steps[key]) go(rows[y + steps[key][0]]?.[x + steps[key][1]]);
  else return;
  event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-price-grid] input.changed") && !document.querySelector("[data-price-grid].sent")) event.preventDefault();
});
document.addEventListener("submit", (event) => event.target.matches("[data-price-grid]") && event.target.classList.add("sent"));

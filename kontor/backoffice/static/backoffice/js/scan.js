// The scan field of a pick list: a keyboard wedge types a code and Enter; the line is ticked and shown.
// Ticks outlive a reload on this device. Without this script the form asks the server, which ticks as well.

const field = document.querySelector("[data-scan] input");
const scan = document.querySelector("[data-scan]");
const said = document.querySelector("[data-scan-said]");
const round = document.querySelector("[data-round]");

const lines = () => [...round.querySelectorAll(".pick")];
const tickOf = (line) => line.querySelector(".pick-tick input");
const plain = (text) => text.replace(/\s+/g, "").toLowerCase();
const key = () => `kontor-round-${round.dataset.round}`;

function say(text, kind) {
  said.textContent = text;
  said.className = `scan-said ${kind}`;
}

function fill(template, line) {
  const { sku, place, quantity } = line.dataset;
  return template.replace("{sku}", sku).replace("{place}", place).replace("{quantity}", quantity);
}

function show() {
  const all = lines();
  const ticked = all.filter((line) => tickOf(line).checked);
  for (const line of all) line.classList.toggle("found", tickOf(line).checked);
  const progress = round.querySelector("[data-round-progress]");
  progress.textContent = progress.dataset.text.replace("{n}", ticked.length).replace("{of}", all.length);
  round.classList.toggle("complete", ticked.length === all.length);
  try {
    sessionStorage.setItem(key(), JSON.stringify(ticked.map((line) => line.id)));
  } catch {
    // a device that keeps nothing still picks
  }
}

function take(code) {
  const wanted = lines().filter((line) => line.dataset.codes.split(" ").includes(plain(code)));
  const line = wanted.find((one) => !tickOf(one).checked) ?? wanted[0];
  for (const one of lines()) one.classList.toggle("scanned", one === line);
  if (!line) return say(scan.dataset.unknown.replace("{code}", code), "bad");
  const before = tickOf(line).checked;
  tickOf(line).checked = true;
  line.scrollIntoView({ block: "center" });
  say(fill(before ? scan.dataset.again : scan.dataset.found, line), before ? "warning" : "good");
  show();
}

if (scan && round) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key()) ?? "[]");
    for (const line of lines()) if (kept.includes(line.id)) tickOf(line).checked = true;
  } catch {
    // nothing readable was kept
  }
  scan.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = field.value.trim();
    field.value = "";
    if (code) take(code);
    field.focus({ preventScroll: true });
  });
  round.addEventListener("change", show);
  show();
}

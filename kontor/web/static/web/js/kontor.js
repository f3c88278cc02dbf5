// What pages do beyond plain HTML: menus, dialogs, toasts, forms that are sent once, htmx manners.
// Everything here is a convenience; each page works without it.

const TOAST_MS = 8000;
const UNDO_MS = 15000;

const all = (selector, root = document) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
];

// --- toasts ---

function dismiss(toast) {
  toast.remove();
}

function armToast(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "yes";
  const close = toast.querySelector("[data-dismiss]");
  close.hidden = false;
  close.addEventListener("click", () => dismiss(toast));
  if (!toast.closest("#toasts")) return;
  let timer;
  const start = () => {
    timer = setTimeout(() => dismiss(toast), toast.querySelector("form") ? UNDO_MS : TOAST_MS);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

export function say(text) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.querySelector(".toast-text").textContent = text;
  document.getElementById("toasts").append(toast);
  armToast(toast);
}

// --- dialogs ---

function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
}

function ask(question) {
  const dialog = document.getElementById("confirm-dialog");
  dialog.querySelector("#confirm-text").textContent = question;
  dialog.returnValue = "no";
  openDialog(dialog);
  return new Promise((answer) =>
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }),
  );
}

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    openDialog(dialog);
    return;
  }
  if (event.target.matches("dialog[open]") && event.target.id !== "confirm-dialog") {
    const box = event.target.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    const outside = x < box.left || x > box.right || y < box.top || y > box.bottom;
    if (outside && (x || y)) event.target.close();
  }
});

document.addEventListener(
  "click",
  async (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    if (!(await ask(button.dataset.confirm))) return;
    button.dataset.confirmed = "yes";
    button.click();
    delete button.dataset.confirmed;
  },
  { capture: true },
);

// --- menus ---

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu?.open) return;
  const items = [...menu.querySelectorAll(".menu-body :is(a, button)")];
  const here = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = event.key === "ArrowDown" ? here + 1 : here < 0 ? items.length - 1 : here - 1;
    items[(next + items.length) % items.length]?.focus();
  }
});

// --- lists filter as one types ---

// Leaving the search field for a link is no new question. Its `change` would fetch the list anew between
// pressing and letting go of the mouse, and the click would fall on a row that is gone.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches(".filter-bar[hx-get] input[type=search]")) event.stopPropagation();
  },
  { capture: true },
);

// --- forms are sent once ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => setBusy(form, event.submitter, true));
});

function setBusy(form, submitter, busy) {
  const buttons = [...form.elements].filter((one) => one.matches?.("button:not([type=button]), [type=submit]"));
  for (const button of buttons) {
    if (busy && !button.disabled) {
      button.disabled = true;
      button.dataset.held = "yes";
    } else if (!busy && button.dataset.held) {
      button.disabled = false;
      delete button.dataset.held;
    }
  }
  submitter?.classList.toggle("busy", busy);
}

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    setBusy(form, form.querySelector(".busy"), false);
  }
});

document.addEventListener("change", (event) => {
  event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit();
});

// --- htmx manners ---

let waiting = 0;

function count(by) {
  waiting = Math.max(0, waiting + by);
  document.body.classList.toggle("loading", waiting > 0);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  count(1);
  const form = event.detail.elt.closest("form");
  if (form && event.detail.requestConfig.verb !== "get") {
    if (form.contains(document.activeElement)) form.dataset.focus = document.activeElement.id;
    setBusy(form, event.detail.requestConfig.triggeringEvent?.submitter, true);
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  count(-1);
  const form = event.detail.elt.closest("form");
  if (form) setBusy(form, form.querySelector(".busy"), false);
  const answer = event.detail.xhr;
  if (form && event.detail.successful) renewKey(form);
  if (answer?.getResponseHeader("X-Trouble")) say(answer.responseText);
  else if (form?.hasAttribute("data-close-dialog") && answer?.status < 500) {
    form.closest("dialog")?.close();
    if (event.detail.successful) form.reset();
  }
});

// A form that stays on the page may be sent again on purpose: two clicks on "Add to cart" are two intentions.
function renewKey(form) {
  const key = form.elements.namedItem("once");
  if (!key) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  key.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("htmx:sendError", () => {
  say(document.getElementById("toasts").dataset.offline);
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});

document.addEventListener("htmx:afterSettle", (event) => {
  const summary = event.detail.target.querySelector?.("[data-focus]");
  if ([409, 422].includes(event.detail.xhr?.status) && summary) summary.focus();
});

// --- whatever appears, now or by htmx ---

// A row that scrolls sideways begins where its current entry is seen; scrollIntoView would move the tab order too.
function reveal(entry) {
  for (const box of [entry.closest("ul"), entry.closest("nav")]) {
    const [at, seen] = [entry, box].map((one) => one.getBoundingClientRect());
    box.scrollLeft += Math.max(at.right - seen.right, 0) || Math.min(at.left - seen.left, 0);
  }
}

let unfolded = !matchMedia("(width < 860px)").matches;

function arm(root) {
  for (const toast of all("[data-toast]", root)) armToast(toast);
  for (const dialog of all("dialog[data-open]", root)) openDialog(dialog);
  for (const fold of all("details[data-fold]", root)) {
    fold.open = unfolded;
    fold.addEventListener("toggle", () => (unfolded = fold.open));
  }
  for (const here of all(":is(.tabs, .bar-nav) [aria-current]", root)) reveal(here);
  for (const button of all("[data-back]", root)) {
    if (history.length > 1) button.hidden = false;
    button.addEventListener("click", () => history.back());
  }
  for (const element of all("[data-copy]", root)) {
    element.addEventListener("click", () => navigator.clipboard?.writeText(element.dataset.copy));
  }
}

document.documentElement.classList.add("js");
document.addEventListener("htmx:load", (event) => arm(event.detail.elt));
arm(document.body);
document.querySelector("[data-focus]")?.focus();

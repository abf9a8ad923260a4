// Makes the studio quicker: saves while one writes, reorders in place, keeps what is unsaved. Every act has a plain form.

const studio = document.querySelector("[data-studio]");
const form = document.getElementById("part-form");
const editable = form?.hasAttribute("hx-post") ?? false;
const state = () => document.getElementById("save-state");
const say = (words) => { document.getElementById("said").textContent = words; };

let written = 0;
let stored = 0;
let sending = 0;
let leaveFor = null;
const unsaved = () => written > stored || (state()?.dataset.state ?? "saved") !== "saved";

function pending(words) {
  const shown = state();
  if (!shown) return;
  shown.classList.add("is-pending");
  shown.classList.remove("save-state--bad");
  shown.textContent = words;
}

form?.addEventListener("input", () => {
  written += 1;
  if (state()?.dataset.state !== "stale") pending("Writing…");
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt !== form) return;
  sending = written;
  if (state()?.dataset.state !== "stale") pending("Saving…");
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form) return;
  const { xhr, failed } = event.detail;
  if (xhr.status === 200) {
    stored = sending;
    if (leaveFor && !unsaved()) location.assign(leaveFor);
  }
  leaveFor = null;
  if (xhr.status === 0 || xhr.status >= 500 || (failed && xhr.status === 404)) {
    const shown = state();
    shown.dataset.state = "lost";
    shown.classList.remove("is-pending");
    shown.classList.add("save-state--bad");
    shown.textContent = xhr.status === 404 ? "✕ Not saved: this draft was deleted. Copy your text before you leave." : "✕ Not saved: no connection. It is tried again.";
    if (xhr.status !== 404) setTimeout(() => htmx.trigger(form, "save-now"), 5000);
  }
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  for (const copy of document.querySelectorAll("[data-etag-copy]")) copy.value = state()?.dataset.etag ?? copy.value;
});
// What the server says was stored is older than what is being written: the line must not claim more.
document.body.addEventListener("htmx:afterSettle", () => {
  if (written > stored && state()?.dataset.state === "saved" && sending < written) pending("Writing…");
});

form?.addEventListener("submit", () => { stored = written; if (state()) state().dataset.state = "saved"; });
window.addEventListener("beforeunload", (event) => {
  if (editable && unsaved()) event.preventDefault();
});
// A link within the page waits for the last words to be stored instead of asking about them.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !editable || written <= stored || state()?.dataset.state === "stale") return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.origin !== location.origin) return;
  event.preventDefault();
  leaveFor = link.href;
  htmx.trigger(form, "save-now");
});
let jsonWritten = false;
document.getElementById("json-form")?.addEventListener("input", () => { jsonWritten = true; });
document.getElementById("json-form")?.addEventListener("submit", () => { jsonWritten = false; });
window.addEventListener("beforeunload", (event) => { if (jsonWritten) event.preventDefault(); });

// Fields that another field's value makes idle
function showFields() {
  for (const field of form?.querySelectorAll("[data-when]") ?? []) {
    const other = form.elements[field.dataset.when];
    const input = field.querySelector("input, textarea, select");
    const wanted = field.dataset.values.split(" ");
    const value = other?.value ?? "";
    const fits = wanted.slice(0, -1).includes(value);
    field.toggleAttribute("data-idle", !fits && !input.value.trim());
  }
}
form?.addEventListener("change", showFields);
showFields();

// The running sum of the weights
function sumUp() {
  const sum = form?.querySelector("[data-sum]");
  if (!sum) return;
  const parts = [...form.querySelectorAll(".field input")].map((input) => Number(input.value.replace(",", ".")));
  if (parts.some(Number.isNaN)) return;
  const total = Math.round(parts.reduce((a, b) => a + b, 0) * 10000) / 10000;
  sum.textContent = String(total);
  const line = document.getElementById("weight-sum");
  const fits = Math.abs(total - 1) <= 0.001;
  line.classList.toggle("weight-sum--off", !fits);
  line.querySelector(".weight-sum__word").textContent = fits ? "✓ makes 1" : "✕ must make 1";
}
form?.addEventListener("input", sumUp);

// Arrow keys in a number
form?.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches("input[data-step]") || event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const number = Number(input.value.replace(",", "."));
  if (Number.isNaN(number)) return;
  event.preventDefault();
  const moved = number + Number(input.dataset.step) * (event.key === "ArrowUp" ? 1 : -1);
  const low = input.dataset.low === "" ? -Infinity : Number(input.dataset.low);
  const high = input.dataset.high === "" ? Infinity : Number(input.dataset.high);
  input.value = String(Math.round(Math.min(high, Math.max(low, moved)) * 10000) / 10000);
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

// Reordering items of the outline: stored at once
async function moveItem(item, to) {
  const list = item.closest("[data-home]");
  const id = item.dataset.id;
  const values = { home: list.dataset.home, id, to: String(to), part: form?.dataset.part ?? "", tab: form?.elements.tab?.value ?? "" };
  values.csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
  if (written > stored) htmx.trigger(form, "save-now");
  await htmx.ajax("POST", studio.dataset.move, { values, swap: "none", source: studio });
  const moved = document.querySelector(`[data-home="${list.dataset.home}"] > [data-id="${CSS.escape(id)}"]`);
  const part = form?.elements.part?.value;
  if (part) form.dataset.part = part;
  const link = moved?.querySelector("a");
  // The swap settles a moment later and would take the focus with it.
  setTimeout(() => document.querySelector(`[data-home="${list.dataset.home}"] > [data-id="${CSS.escape(id)}"] a`)?.focus(), 60);
  const all = [...(moved?.parentElement.children ?? [])];
  if (moved) say(`${link.querySelector(".outline__label").textContent}: ${all.indexOf(moved) + 1} of ${all.length}`);
}
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const up = event.key === "ArrowUp";
  const item = event.target.closest?.("[data-home] > [data-id]");
  const row = event.target.closest?.("[data-rows] > li");
  if (item && item.querySelector("[data-handle]")) {
    event.preventDefault();
    moveItem(item, up ? "up" : "down");
  } else if (row && editable) {
    event.preventDefault();
    moveRow(row, up);
  }
});

// Rows of a field: moved and removed here, stored with the field
function rowsChanged(list) {
  [...list.children].forEach((row, at) => {
    const input = row.querySelector("input");
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, at + 1));
    for (const button of row.querySelectorAll("button[name=row]")) {
      button.value = button.value.replace(/\d+$/, at);
      const words = button.querySelector(".visually-hidden");
      words.textContent = words.textContent.replace(/\d+/, at + 1);
    }
  });
  list.dispatchEvent(new Event("input", { bubbles: true }));
}
function moveRow(row, up) {
  const list = row.parentElement;
  const focused = document.activeElement;
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  up ? other.before(row) : other.after(row);
  if (row.contains(focused)) focused.focus();
  rowsChanged(list);
  say(`${row.querySelector("input").value}: ${[...list.children].indexOf(row) + 1} of ${list.children.length}`);
}
form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=row]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("li");
  const [, act] = button.value.split(" ");
  if (act !== "remove") return moveRow(row, act === "up");
  const list = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (list.children.length > 1) row.remove();
  else row.querySelector("input").value = "";
  next?.querySelector("input").focus();
  rowsChanged(list);
});
form?.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-rows] > li:last-child");
  if (!row || !event.target.value) return;
  const fresh = row.cloneNode(true);
  fresh.querySelector("input").value = "";
  row.after(fresh);
  rowsChanged(row.parentElement);
});

// Dragging by the handle
let dragged = null;
document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  dragged = { row: handle.closest("li"), over: null, after: false };
  dragged.row.classList.add("is-dragged");
  handle.setPointerCapture(event.pointerId);
});
const unmark = () => { for (const row of document.querySelectorAll(".is-target, .is-target-after")) row.classList.remove("is-target", "is-target-after"); };
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  unmark();
  const row = document.elementFromPoint(event.clientX, event.clientY)?.closest("li");
  dragged.over = null;
  if (!row || row.parentElement !== dragged.row.parentElement || row === dragged.row) return;
  const { top, height } = row.getBoundingClientRect();
  dragged.over = row;
  dragged.after = event.clientY > top + height / 2;
  row.classList.add(dragged.after ? "is-target-after" : "is-target");
});
document.addEventListener("pointerup", () => {
  if (!dragged) return;
  const { row, over, after } = dragged;
  dragged = null;
  unmark();
  row.classList.remove("is-dragged");
  if (!over) return;
  const list = row.parentElement;
  after ? over.after(row) : over.before(row);
  if (list.hasAttribute("data-rows")) rowsChanged(list);
  else moveItem(row, [...list.children].indexOf(row));
});
document.addEventListener("pointercancel", () => {
  dragged?.row.classList.remove("is-dragged");
  dragged = null;
  unmark();
});

// A finding leads to its field: within the open part without loading anything
document.addEventListener("click", (event) => {
  const link = event.target.closest(".finding__link[data-target]");
  if (!link || link.dataset.part !== form?.elements.part?.value) return;
  const target = document.getElementById(link.dataset.target);
  if (!target) return;
  event.preventDefault();
  const technical = target.closest("details");
  if (technical) technical.open = true;
  target.scrollIntoView({ block: "center" });
  target.focus();
});
function followed() {
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (!target || !document.getElementById("form").contains(target)) return;
  const technical = target.closest("details");
  if (technical) technical.open = true;
  if (target.id === "form") {
    const first = form?.querySelector(".field:not([data-idle]) :is(input, textarea, select)");
    if (editable && !matchMedia("(max-width: 48rem)").matches) first?.focus({ preventScroll: true });
  } else target.focus();
}
followed();

// On small screens the outline is in the way of the form
if (matchMedia("(max-width: 48rem)").matches) document.querySelector("details.outline")?.removeAttribute("open");
document.querySelector(".outline__link[aria-current]")?.scrollIntoView({ block: "nearest" });

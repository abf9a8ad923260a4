// The review screen: an item and its evidence show together, and keys walk through the items.
// Without this file the numbered links between both sides do the same, one click at a time.
// Parts of the page are replaced as decisions are saved, so nothing here holds on to an element.

const work = document.querySelector("[data-work]");
const items = () =>
  [...work.querySelectorAll("#grading [data-item]:is(.item, .sentence)")].filter((item) => !item.closest(".aside-rows:not([open])"));
let current = "";

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const scroll = (element, block) => element?.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
const evidenceOf = (number) => work.querySelectorAll(`mark[data-items~="${number}"], .badge[data-item="${number}"]`);
const itemNumbered = (number) => items().find((item) => item.dataset.item === number);
const decideOf = (item) => item?.querySelector(".decide");
// Only while both panes are visible does choosing on one side move the other.
const sideBySide = matchMedia("(min-width: 60.01rem)");

function forget() {
  for (const shown of work.querySelectorAll(".is-shown")) shown.classList.remove("is-shown");
  current = "";
  document.dispatchEvent(new CustomEvent("review:current", { detail: "" }));
}

function mark(item) {
  item.classList.add("is-shown");
  for (const evidence of evidenceOf(item.dataset.item)) evidence.classList.add("is-shown");
}

function show(item) {
  forget();
  if (!item) return;
  current = item.dataset.item;
  mark(item);
  document.dispatchEvent(new CustomEvent("review:current", { detail: current }));
}

// A replaced part looks as the one before it did.
document.addEventListener("review:replaced", () => {
  const item = itemNumbered(current);
  if (item) mark(item);
});

const firstEvidence = (item) => {
  const link = item.querySelector("a.item__when, .moments a");
  return link && document.querySelector(link.hash);
};

function open(item) {
  for (let around = item.parentElement; around && around !== work; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
}

// One item's form is open at a time, except where something still waits or has been typed.
function openForm(item) {
  for (const other of work.querySelectorAll(".item:not([data-todo]) .decide[open]")) {
    const typed = [...other.querySelectorAll("input[name=reason], input[name=turn]")].some((field) => field.value);
    if (other !== decideOf(item) && !typed && !other.closest(".item").querySelector(".unsaved")) other.open = false;
  }
  const form = decideOf(item);
  if (form) form.open = true;
}

function goTo(item) {
  if (!item) return;
  if (!sideBySide.matches && !item.checkVisibility()) location.hash = "#grading";
  open(item);
  show(item);
  openForm(item);
  item.focus({ preventScroll: true });
  scroll(item, "nearest");
  if (sideBySide.matches) scroll(firstEvidence(item), "center");
}

function step(by) {
  const all = items();
  const here = all.findIndex((item) => item.dataset.item === current);
  if (here < 0) goTo(by > 0 ? all[0] : all.at(-1));
  else goTo(all[here + by]);
}

function nextWaiting() {
  const all = items();
  const here = all.findIndex((item) => item.dataset.item === current);
  const waiting = [...all.slice(here + 1), ...all.slice(0, here + 1)].filter((item) => "todo" in item.dataset);
  if (waiting.length) goTo(waiting[0]);
  else document.getElementById("review-finish")?.scrollIntoView({ block: "nearest" });
}

const button = (name) => itemNumbered(current)?.querySelector(`button[name=do][value=${name}]`);
function press(name) {
  const found = button(name);
  if (!found) return;
  decideOf(itemNumbered(current)).open = true;
  found.click();
}

function write(field) {
  const item = itemNumbered(current);
  const wanted = item?.querySelector(`[name=${field}]`);
  if (!wanted) return;
  open(wanted);
  openForm(item);
  wanted.focus();
}

function evidence() {
  const pick = document.getElementById("pick");
  if (pick && !pick.hidden) document.getElementById("pick-use").click();
  else write("turn");
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  n: nextWaiting,
  1: () => press("met"),
  2: () => press("missed"),
  3: () => press("na"),
  c: () => write("comment"),
  e: evidence,
  u: () => press("undo"),
  g: () => document.querySelector('#review-finish [value^="rate:"]')?.focus(),
  f: () => document.getElementById("find-words")?.focus(),
  "]": () => document.querySelector("[data-next]")?.click(),
  "[": () => document.querySelector("[data-previous]")?.click(),
  Escape: forget,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input, textarea, select")) {
    if (event.key === "Escape") event.target.closest(".item, main")?.focus();
    return;
  }
  const action = keys[event.key];
  if (!action || document.querySelector("#keys:popover-open")) return;
  if (event.key !== "Escape") event.preventDefault();
  action();
});

// Links keep their own way of scrolling; what belongs together is marked on both sides.
function followed(hash) {
  const target = hash.length > 1 && document.getElementById(hash.slice(1));
  if (!target || !work.contains(target)) return;
  const number = target.dataset.item;
  if (!number) return;
  const item = itemNumbered(number);
  if (item) open(item);
  show(item);
  if (item && target !== item) scroll(item, "nearest");
  if (item && target === item) openForm(item);
}
window.addEventListener("hashchange", () => followed(location.hash));
followed(location.hash);

// Side by side, following such a link would move both panes: only the other one should.
work.addEventListener("click", (event) => {
  const link = event.target.closest(".badge, .moments a, a.item__when");
  if (!link || !sideBySide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const item = itemNumbered(link.dataset.item ?? link.closest("[data-item]")?.dataset.item);
  const target = document.querySelector(link.hash);
  if (!target || link.pathname !== location.pathname) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
  show(item);
  if (link.classList.contains("badge")) open(target);
  else for (const shown of work.querySelectorAll(".turn.is-shown")) shown.classList.remove("is-shown");
  if (target.matches(".turn, .written")) target.classList.add("is-shown");
  scroll(target, link.classList.contains("badge") ? "nearest" : "center");
});

work.addEventListener("click", (event) => {
  if (event.target.closest("a, summary, button, input, textarea, select, label")) return;
  if (String(getSelection())) return;
  const passage = event.target.closest("mark[data-items]");
  if (passage) {
    const numbers = passage.dataset.items.split(" ");
    const item = itemNumbered(numbers[(numbers.indexOf(current) + 1) % numbers.length]);
    if (!item) return;
    open(item);
    show(item);
    scroll(item, "nearest");
    return;
  }
  const item = event.target.closest("[data-item]");
  if (!item) return;
  show(item);
  openForm(item);
  if (sideBySide.matches) scroll(firstEvidence(item), "center");
});

// Paper has no clicks: everything is open while it prints.
const closed = new Set();
window.addEventListener("beforeprint", () => {
  for (const details of work.querySelectorAll("details.group:not([open])")) {
    closed.add(details);
    details.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
  closed.clear();
});

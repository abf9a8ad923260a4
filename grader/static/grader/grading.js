// The result page: an item and its evidence show together, and keys walk through the items.
// Without this file the numbered links between both sides do the same, one click at a time.

const work = document.querySelector("[data-work]");
const items = [...work.querySelectorAll("#grading [data-item]")];
let current = null;

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const scroll = (element, block) => element?.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
const evidenceOf = (number) => work.querySelectorAll(`mark[data-items~="${number}"], .badge[data-item="${number}"]`);
const itemNumbered = (number) => items.find((item) => item.dataset.item === number);

function forget() {
  for (const shown of work.querySelectorAll(".is-shown")) shown.classList.remove("is-shown");
  current = null;
}

function show(item) {
  forget();
  if (!item) return;
  current = item;
  item.classList.add("is-shown");
  for (const evidence of evidenceOf(item.dataset.item)) evidence.classList.add("is-shown");
}

const firstEvidence = (item) => {
  const link = item.querySelector(".moments a");
  return link && document.querySelector(link.hash);
};

function open(item) {
  for (let around = item.parentElement; around && around !== work; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
}

function goTo(item) {
  if (!item) return;
  open(item);
  show(item);
  item.focus({ preventScroll: true });
  scroll(item, "nearest");
  scroll(firstEvidence(item), "center");
}

function step(by, among = items) {
  const here = items.indexOf(current);
  const ahead = among.filter((item) => (items.indexOf(item) - here) * by > 0);
  goTo(by > 0 ? ahead[0] : ahead.at(-1));
}

const waiting = () => items.filter((item) => "todo" in item.dataset);
const keys = {
  j: () => step(1),
  k: () => (current ? step(-1) : goTo(items.at(-1))),
  n: () => {
    const next = waiting();
    const after = next.filter((item) => items.indexOf(item) > items.indexOf(current));
    goTo(after[0] ?? next[0]);
  },
  Escape: forget,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input, textarea, select")) return;
  const action = keys[event.key];
  if (!action) return;
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
}
window.addEventListener("hashchange", () => followed(location.hash));
followed(location.hash);

// Side by side, following such a link would move both panes: only the other one should.
const sideBySide = matchMedia("(min-width: 60.01rem)");
work.addEventListener("click", (event) => {
  const link = event.target.closest(".badge, .moments a");
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
  if (event.target.closest("a, summary, button, input")) return;
  const mark = event.target.closest("mark[data-items]");
  if (mark) {
    const numbers = mark.dataset.items.split(" ");
    const shown = numbers.indexOf(current?.dataset.item);
    const item = itemNumbered(numbers[(shown + 1) % numbers.length]);
    if (!item) return;
    open(item);
    show(item);
    scroll(item, "nearest");
    return;
  }
  const item = event.target.closest("[data-item]");
  if (!item || String(getSelection())) return;
  show(item);
  scroll(firstEvidence(item), "center");
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

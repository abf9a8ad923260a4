// Selected words become evidence: counted in code points of the original text, as the server checks them.

const pick = document.getElementById("pick");
const choice = document.getElementById("pick-item");
let selected = null;

const points = (text) => [...text].length;
const isText = (node) => node.nodeType === Node.TEXT_NODE;

// Each piece of text says where it begins in the source; a line break of two characters only ever ends a piece.
function pointsBefore(piece, container, offset) {
  const range = document.createRange();
  range.selectNodeContents(piece);
  range.setEnd(container, offset);
  return points(range.toString());
}

function placeOf(container, offset, text, forward) {
  const inside = (isText(container) ? container.parentElement : container).closest?.("[data-at]");
  if (inside && text.contains(inside)) return Number(inside.dataset.at) + pointsBefore(inside, container, offset);
  const pieces = [...text.querySelectorAll("[data-at]")];
  const here = document.createRange();
  here.setStart(container, offset);
  const after = pieces.find((piece) => here.comparePoint(piece, 0) >= 0);
  if (forward) return after ? Number(after.dataset.at) : null;
  const before = pieces.findLast((piece) => here.comparePoint(piece, piece.childNodes.length) <= 0);
  return before ? Number(before.dataset.at) + points(before.textContent) : null;
}

function wordsOf(text, start, end) {
  let words = "";
  const pieces = [...text.querySelectorAll("[data-at]")];
  pieces.forEach((piece, place) => {
    const at = Number(piece.dataset.at);
    let shown = [...piece.textContent];
    // Where the next piece begins one further than was shown, the break between them was of two characters.
    const next = pieces[place + 1];
    const missing = next && Number(next.dataset.at) - at - shown.length;
    if (missing === 1 && shown.at(-1) === "\n") shown = [...shown.slice(0, -1), "\r", "\n"];
    words += shown.slice(Math.max(0, start - at), Math.max(0, end - at)).join("");
  });
  return words;
}

function read() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const from = (isText(range.startContainer) ? range.startContainer.parentElement : range.startContainer).closest?.("[data-source]");
  if (!from) return null;
  let start = placeOf(range.startContainer, range.startOffset, from, true);
  const ends = from.contains(range.endContainer);
  const last = [...from.querySelectorAll("[data-at]")].at(-1);
  let end = ends ? placeOf(range.endContainer, range.endOffset, from, false) : Number(last.dataset.at) + points(last.textContent);
  if (start === null || end === null) return null;
  let words = wordsOf(from, start, end);
  const lead = points(words) - points(words.trimStart());
  start += lead;
  words = words.trim();
  end = start + points(words);
  return words ? { source: from.dataset.source, start, end, quote: words, place: range.getBoundingClientRect() } : null;
}

function offer() {
  selected = read();
  pick.hidden = !selected;
  if (!selected || !matchMedia("(min-width: 60.01rem)").matches) return;
  const below = selected.place.bottom + 8;
  pick.style.top = `${Math.min(below, innerHeight - 60)}px`;
  pick.style.left = `${Math.max(8, Math.min(selected.place.left, innerWidth - 500))}px`;
}

document.addEventListener("selectionchange", () => {
  if (!pick.contains(document.activeElement)) setTimeout(offer, 150);
});
document.addEventListener("review:current", (event) => {
  if (event.detail) choice.value = event.detail;
});

const formOf = (number) => document.querySelector(`#item-${number} [data-decide]`);

function attach(form, evidence) {
  for (const name of ["source", "start", "end", "quote"]) form.elements[name].value = evidence ? evidence[name] : "";
  const shown = form.querySelector("[data-evidence]");
  shown.hidden = !evidence;
  shown.querySelector("q").textContent = evidence ? evidence.quote : "";
}

document.getElementById("pick-use").addEventListener("click", () => {
  const form = formOf(choice.value);
  if (!form || !selected) return;
  attach(form, selected);
  pick.hidden = true;
  getSelection().removeAllRanges();
  const item = form.closest(".item");
  for (let around = item; around; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
  item.querySelector(".decide").open = true;
  item.scrollIntoView({ block: "nearest" });
  form.querySelector(".choice").focus();
});

document.addEventListener("click", (event) => {
  const drop = event.target.closest("[data-drop-evidence]");
  if (drop) attach(drop.form, null);
});

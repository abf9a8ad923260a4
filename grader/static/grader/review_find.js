// Finds words in the transcript and walks through the hits. The browser's own search works without it.

const form = document.querySelector("[data-find]");
const words = document.getElementById("find-words");
const count = document.getElementById("find-count");
const paints = "highlights" in CSS;
let hits = [];
let here = -1;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// A hit is looked for turn by turn, across the pieces that evidence cuts a turn into.
function hitsIn(turn, wanted) {
  const walker = document.createTreeWalker(turn, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => (node.parentElement.closest("[data-at]") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT),
  });
  const letters = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.data;
    for (let place = 0; place < text.length; place += 1) {
      for (const letter of fold(text[place]) || " ") letters.push([letter, walker.currentNode, place]);
    }
  }
  const all = letters.map(([letter]) => letter).join("");
  const found = [];
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + wanted.length)) {
    const [, first, start] = letters[at];
    const [, last, end] = letters[at + wanted.length - 1];
    const range = document.createRange();
    range.setStart(first, start);
    range.setEnd(last, end + 1);
    found.push(range);
  }
  return found;
}

function paint() {
  for (const turn of document.querySelectorAll(".turn.is-found")) turn.classList.remove("is-found");
  if (paints) {
    CSS.highlights.set("found", new Highlight(...hits));
    CSS.highlights.set("found-here", new Highlight(...(hits[here] ? [hits[here]] : [])));
  }
  const turn = hits[here]?.startContainer.parentElement.closest(".turn, .written");
  turn?.classList.add("is-found");
  turn?.scrollIntoView({ block: "center" });
  count.textContent = words.value.trim() ? (hits.length ? `${here + 1} of ${hits.length}` : "none") : "";
}

function search() {
  const wanted = fold(words.value.trim());
  hits = wanted ? [...document.querySelectorAll("#transcript .turn__text")].flatMap((turn) => hitsIn(turn, wanted)) : [];
  here = hits.length ? 0 : -1;
  paint();
}

function walk(by) {
  if (!hits.length) return;
  here = (here + by + hits.length) % hits.length;
  paint();
}

form.hidden = false;
words.addEventListener("input", search);
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.shiftKey) {
    event.preventDefault();
    walk(-1);
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  walk(1);
});
form.querySelector("[data-find-previous]").addEventListener("click", () => walk(-1));
document.addEventListener("review:replaced", () => words.value.trim() && search());

// Saves every decision at once, without leaving the page: one after the other, again after a lost connection, each once.
// Without this file the same forms are sent the plain way.

const review = document.querySelector("[data-review]");
const saved = document.getElementById("saved");
const STORE = `review ${location.pathname}`;
const POLL = 8000;
const LONGEST_WAIT = 15000;

// What is not saved yet outlives a reload of this tab, and no other tab and no other day.
let queue = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
let sending = false;
let wait = 1000;
let timer = 0;

const keep = () => {
  if (queue.length) sessionStorage.setItem(STORE, JSON.stringify(queue));
  else sessionStorage.removeItem(STORE);
};

function say(words, state = "") {
  saved.textContent = words;
  saved.className = `saved${state && ` saved--${state}`}`;
}

function enqueue(form, submitter) {
  const fields = Object.fromEntries(new FormData(form, submitter));
  // A double click finds the same decision in the queue; a later one is a decision of its own.
  if (queue.some((entry) => entry.fields.client_token === fields.client_token && entry.fields.do === fields.do)) return;
  if (queue.some((entry) => entry.fields.client_token === fields.client_token)) fields.client_token = crypto.randomUUID();
  queue.push({ to: form.action, fields });
  keep();
  submitter.classList.add("is-sent");
  send();
}

async function send() {
  if (sending || !queue.length) return;
  sending = true;
  clearTimeout(timer);
  const [entry] = queue;
  say("Saving…", "waiting");
  try {
    const answer = await fetch(entry.to, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...entry.fields, csrfmiddlewaretoken: csrf() }),
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") throw new SignedOut();
    if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    await settled(entry, answer);
    wait = 1000;
  } catch (problem) {
    retryLater(problem);
  }
  sending = false;
  if (queue.length && !timer) send();
}

class SignedOut extends Error {}

// The page's own token, not the one that was there when the button was pressed: signing in again makes another.
const csrf = () => document.querySelector('[name="csrfmiddlewaretoken"]').value;

function retryLater(problem) {
  if (problem instanceof SignedOut) say("Not saved — you were signed out. Sign in again; nothing is lost", "failed");
  else say(`Not saved — retrying (${queue.length} waiting)`, "failed");
  timer = setTimeout(() => {
    timer = 0;
    send();
  }, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

async function settled(entry, answer) {
  if (answer.status === 403) {
    timer = -1;
    say("Not saved — load the page again; nothing is lost", "failed");
    return;
  }
  queue.shift();
  keep();
  if (answer.status === 404) {
    say("Not saved — this candidate is not yours any more", "failed");
    return;
  }
  const found = await answer.json();
  replace(found.parts, entry.fields.item);
  review.dataset.sequence = found.last_sequence;
  if (found.error) {
    say(found.error.conflict ? "Not saved — somebody decided first" : "Not saved", "failed");
    queue = queue.filter((later) => later.fields.item !== entry.fields.item);
    keep();
    return;
  }
  for (const later of queue) if (later.fields.item === found.saved.item) later.fields.seen = String(found.saved.sequence);
  say(queue.length ? "Saving…" : `Saved ${found.saved.at}`);
}

// A part that somebody is typing in is left alone, unless it is the one that was sent.
function replace(parts, mine = null) {
  for (const { id, html } of parts) {
    const old = document.getElementById(id);
    if (!old) continue;
    const own = old.dataset.key === mine || (mine === "grading" && id === "review-finish");
    if (!own && isTyped(old)) continue;
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const fresh = holder.content.firstElementChild;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const wasOpen = [...old.querySelectorAll("details")].map((details) => details.open);
    old.replaceWith(fresh);
    fresh.querySelectorAll("details").forEach((details, place) => {
      details.open ||= wasOpen[place] ?? false;
    });
    if (focused) focusAgain(fresh, focused);
  }
  document.dispatchEvent(new CustomEvent("review:replaced"));
}

function isTyped(part) {
  const fields = [...part.querySelectorAll("input:not([type=hidden]), textarea")];
  return fields.some((field) => field.value !== field.defaultValue) || part.querySelector('[name="quote"]')?.value;
}

function focusAgain(part, before) {
  const twin = before.name && part.querySelector(`[name="${before.name}"][value="${CSS.escape(before.value)}"]`);
  const target = twin || part.closest(".item") || part;
  target.focus({ preventScroll: true });
}

// A verdict against a machine that was sure asks for a reason first: the field takes the focus, Enter saves.
function needsReason(form, submitter) {
  if (!("reasoned" in submitter.dataset) || submitter.getAttribute("aria-pressed") === "true") return false;
  const fields = form.elements;
  if (fields.reason.value.trim() || fields.quote.value || fields.turn.value.trim()) return false;
  for (const other of form.querySelectorAll(".is-wanted")) other.classList.remove("is-wanted");
  submitter.classList.add("is-wanted");
  fields.reason.closest(".decide__field").classList.add("is-needed");
  fields.reason.focus();
  return true;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-decide]") || !event.submitter) return;
  event.preventDefault();
  if (event.submitter.value === "comment" && !form.elements.comment.value.trim()) return form.elements.comment.focus();
  if (!needsReason(form, event.submitter)) enqueue(form, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const form = event.target.closest?.("[data-decide]");
  if (form && event.target.matches("[name=reason], [name=turn]")) {
    event.preventDefault();
    const wanted = form.querySelector(".is-wanted") ?? form.querySelector('[aria-pressed="true"]');
    (wanted ?? form.querySelector(".choice")).focus();
    wanted?.click();
  } else if (form && event.target.matches("[name=comment]") && (event.ctrlKey || event.metaKey)) {
    form.querySelector('[value="comment"]').click();
  }
});

// What others decide shows up by itself.
async function poll() {
  if (document.hidden || sending || queue.length) return;
  try {
    const answer = await fetch(`${review.dataset.changes}?since=${review.dataset.sequence}`, {
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    if (!answer.ok || sending || queue.length) return;
    const found = await answer.json();
    if (found.last_sequence <= Number(review.dataset.sequence)) return;
    review.dataset.sequence = found.last_sequence;
    replace(found.parts);
    if (found.others?.length) say(`${found.others.join(", ")} changed something just now`);
  } catch {
    // Offline: the next decision says so, and the next poll tries again.
  }
}
if (document.getElementById("review-finish")) setInterval(poll, POLL);
document.addEventListener("visibilitychange", poll);
document.addEventListener("review:poll", poll);
window.addEventListener("online", () => {
  timer = 0;
  send();
});
window.addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});
if (queue.length) send();

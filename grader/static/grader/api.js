// The browsable API sends any method and any body, and shows the answer in place.

async function send(form, submitter) {
  const { csrfHeader, csrfToken } = form.closest("[data-api]").dataset;
  const headers = { Accept: "text/html", [csrfHeader]: csrfToken };
  const body = form.elements._content?.value;
  if (body !== undefined) headers["Content-Type"] = form.elements._content_type.value;
  const method = submitter?.dataset.method ?? form.dataset.method;
  const answer = await fetch(form.action, { method, headers, body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.getElementById("main");
  if (!main) {
    location.reload();
    return;
  }
  const typed = body;
  document.getElementById("main").replaceWith(document.adoptNode(main));
  const again = main.querySelector("[name=_content]");
  if (again && !answer.ok) again.value = typed;
  main.focus();
  scrollTo(0, 0);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-api] form")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

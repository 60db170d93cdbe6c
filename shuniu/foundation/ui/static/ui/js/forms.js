// Forms: focus on the error summary, one submission per press, counting of characters, guard of unsaved words.

import { all, on, one, ready, say } from "./dom.js";

ready((root) => {
  for (const form of all("form[method=post]", root)) form.noValidate = true;
  for (const area of all("[data-count]", root)) count(area);
  const summary = one("[data-error-summary]", root);
  if (summary) {
    if (!document.title.startsWith("错误：")) document.title = `错误：${document.title}`;
    summary.focus();
  }
});

// A line of the summary leads to its field, not only near it.
on("click", "[data-error-summary] a[href^='#']", (event, link) => {
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.focus();
  (field.closest(".field") || field).scrollIntoView({ block: "center" });
});

// Double click = one record. The server holds the truth; this keeps the second request away.
on("submit", "form[method=post]", (event, form) => {
  if (event.defaultPrevented || "again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  say("正在提交");
  setTimeout(() => release(form), 15000);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of all("form[data-sent]")) release(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});

// Unsaved words: warned before leaving, unless they are just being sent.
on("input", "form[data-guard]", (event, form) => { form.dataset.dirty = "yes"; });
window.addEventListener("beforeunload", (event) => {
  if (all("form[data-dirty]:not([data-sent])").length) event.preventDefault();
});

// Who proves themselves on another page comes back to what they had typed.
const AWAY = `shuniu.typed:${location.pathname}`;
const fields = (form) => [...form.elements].filter((e) => e.name && e.matches("textarea, select, input:not([type=hidden], [type=password], [type=file])"));
on("click", "a[data-away]", (event, link) => {
  const form = link.closest("form");
  if (!form) return;
  const typed = fields(form).map((e) => [e.name, e.value, e.checked === true]);
  try { sessionStorage.setItem(AWAY, JSON.stringify(typed)); } catch { return; }
  delete form.dataset.dirty;
});
ready((root) => {
  const form = one("a[data-away]", root)?.closest("form") || one("form:has([data-back])", root);
  if (!form) return;
  let typed = [];
  try { typed = JSON.parse(sessionStorage.getItem(AWAY)) || []; sessionStorage.removeItem(AWAY); } catch { return; }
  const fold = typed.length ? form.closest("details") : null;
  if (fold) fold.open = true;
  for (const [name, value, checked] of typed) {
    for (const e of fields(form).filter((e) => e.name === name)) {
      if (e.matches("[type=checkbox], [type=radio]")) e.checked = e.value === value ? checked : e.checked;
      else e.value = value;
    }
  }
});

// What was chosen is said in our words, which lie over the browser's own
on("change", ".pick-file input", (event, input) => {
  const place = one("[data-picked]", input.parentElement);
  if (place && input.files.length) place.textContent = [...input.files].map((file) => file.name).join("、");
});

on("input", "[data-count]", (event, area) => count(area));

function count(area) {
  const place = one(`[data-count-for="${CSS.escape(area.id)}"]`);
  if (!place) return;
  const most = Number(area.dataset.count);
  const written = [...area.value].length;
  place.textContent = written > most ? `已写 ${written} 字，超出 ${written - most} 字` : `已写 ${written} 字，最多 ${most} 字`;
  place.classList.toggle("is-bad", written > most);
}

// Ctrl+Enter presses the primary button of the form that is being filled.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form[method=post]");
  const button = form && [...form.elements].find((element) => element.matches(".btn--primary:not(:disabled)"));
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

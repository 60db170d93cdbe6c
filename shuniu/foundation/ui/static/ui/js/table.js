// Lists: ticks and the batch bar, seen rows, search that waits for the IME, j/k.

import { all, on, one, ready, typing } from "./dom.js";
import { keysAllowed } from "./palette.js";

const SEEN = "shuniu.seen";
const seen = () => { try { return JSON.parse(sessionStorage.getItem(SEEN)) || []; } catch { return []; } };
const PICKS = "td.pick input[type=checkbox]";

function count(table) {
  const picks = all(PICKS, table);
  const picked = picks.filter((pick) => pick.checked);
  for (const pick of picks) pick.closest("tr").classList.toggle("is-picked", pick.checked);
  const whole = one("th.pick input[type=checkbox]", table);
  if (whole) {
    whole.checked = picks.length > 0 && picked.length === picks.length;
    whole.indeterminate = picked.length > 0 && picked.length < picks.length;
  }
  const form = picks[0]?.form || table.closest("form");
  const bar = form?.id && one(`[data-batch="${CSS.escape(form.id)}"]`);
  if (!bar || "batchAll" in bar.dataset) return;
  bar.hidden = picked.length === 0;
  const words = one("[data-batch-words]", bar);
  if (words) words.hidden = false;
  const number = one("[data-batch-count]", bar);
  if (number.textContent !== String(picked.length)) number.textContent = String(picked.length);
}

ready((root) => {
  const tables = new Set(all(PICKS, root).map((pick) => pick.closest("table")));
  tables.forEach(count);
  markSeen(root);
});

// A table wider than its place scrolls in it; otherwise its head sticks to the window.
function fit() {
  for (const place of all(".table-scroll")) {
    place.classList.remove("is-wide");
    const table = one("table", place);
    place.classList.toggle("is-wide", Boolean(table) && table.offsetWidth > place.clientWidth + 1);
  }
}
ready(fit);
window.addEventListener("resize", fit);

on("change", PICKS, (event, pick) => count(pick.closest("table")));
on("change", "th.pick input[type=checkbox]", (event, whole) => {
  const table = whole.closest("table");
  for (const pick of all(PICKS, table)) pick.checked = whole.checked;
  count(table);
});
// The whole cell is the target, not the small box alone.
on("click", "td.pick, th.pick", (event, cell) => {
  if (event.target === cell) one("input[type=checkbox]", cell)?.click();
});
on("reset", "form", (event, form) => {
  setTimeout(() => new Set(all(PICKS).filter((pick) => pick.form === form).map((pick) => pick.closest("table"))).forEach(count));
});

// A row that was opened is shown as seen when one comes back.

on("click", ".table tbody th a[href]", (event, link) => {
  const list = [...new Set([...seen(), link.pathname])].slice(-500);
  try { sessionStorage.setItem(SEEN, JSON.stringify(list)); } catch { /* not kept */ }
});

function markSeen(root) {
  const list = new Set(seen());
  for (const link of all(".table tbody th a[href]", root)) {
    const visited = list.has(link.pathname);
    link.classList.toggle("seen", visited);
    link.closest("tr").classList.toggle("visited", visited);
  }
}
window.addEventListener("pageshow", () => markSeen(document));

// data-live-search tells "settled" when the words stand: for hx-trigger="settled". Never while composing.
const REST = 250;
let timer = 0;
const settle = (input) => {
  clearTimeout(timer);
  timer = setTimeout(() => input.dispatchEvent(new CustomEvent("settled", { bubbles: true })), REST);
};
on("input", "[data-live-search]", (event, input) => { if (!event.isComposing) settle(input); });
on("compositionend", "[data-live-search]", (event, input) => settle(input));

// j/k walk the links of [data-jk]: opened at once, or only focused with data-jk="focus".
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || !keysAllowed() || one("dialog[open]")) return;
  const list = one("[data-jk]");
  if (!list) return;
  const links = list.matches("table, .table-scroll") ? all("tbody th a[href]", list) : all("a[href]", list);
  const here = links.findIndex((link) => link.hasAttribute("aria-current") || link === document.activeElement);
  const next = links[here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (list.dataset.jk !== "focus") next.click();
});

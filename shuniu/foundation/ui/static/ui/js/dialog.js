// Dialogs: a link or button with data-dialog="id" opens it; Tab stays inside, Esc closes, the focus returns.

import { all, on, one } from "./dom.js";

const FOCUSABLE = "a[href], button:not(:disabled), input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";
const openers = new WeakMap();

export function open(dialog, opener = document.activeElement) {
  if (dialog.open) return;
  openers.set(dialog, opener);
  dialog.showModal();
  (one("[autofocus]", dialog) || one("h2", dialog) || dialog).focus();
}

on("click", "[data-dialog]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!(dialog instanceof HTMLDialogElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(dialog, opener);
});

on("click", "dialog [data-close]", (event, button) => {
  event.preventDefault();
  button.closest("dialog").close();
});

// "close" does not bubble, so it is caught on its way down.
document.addEventListener("close", (event) => {
  const opener = openers.get(event.target);
  if (opener?.isConnected) opener.focus();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab") return;
  const dialog = event.target.closest?.("dialog[open]");
  if (!dialog) return;
  const stops = all(FOCUSABLE, dialog).filter((element) => element.getClientRects().length);
  if (!stops.length) return;
  const first = stops[0];
  const last = stops[stops.length - 1];
  const before = !stops.includes(document.activeElement) || document.activeElement === first;
  if (event.shiftKey && before) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
});

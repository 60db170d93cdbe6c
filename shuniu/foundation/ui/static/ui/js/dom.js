// What every module needs: finding, listening, telling.

export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const one = (selector, root = document) => root.querySelector(selector);

/** Listens once for the whole document, now and for what is swapped in later. */
export function on(type, selector, act, options) {
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element ? event.target.closest(selector) : null;
    if (found) act(event, found);
  }, options);
}

/** Runs now and on everything that htmx brings. */
export function ready(act) {
  act(document);
  document.addEventListener("htmx:afterSwap", (event) => act(event.detail.elt || document));
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// The address under which this page already has the sprite: its name may carry a digest.
const SPRITE = one("use[href*='icons']")?.getAttribute("href").split("#")[0] || new URL("../icons.svg", import.meta.url).pathname;

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${SPRITE}#i-${name}`);
  svg.append(use);
  return svg;
}

/** Says a result to those who hear the page. */
export function say(words) {
  const live = one("[data-live]");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 50);
}

/** Repeats a result that already stands on the page; gone after six seconds. */
export function toast(words, shape = "check") {
  say(words);
  const place = one("[data-toasts]");
  if (!place) return;
  const note = make("p", { class: "toast", "aria-hidden": "true" }, icon(shape), words);
  place.append(note);
  setTimeout(() => note.remove(), 6000);
}

export const token = (root = document) =>
  (one("input[name=csrfmiddlewaretoken]", root) || one("input[name=csrfmiddlewaretoken]"))?.value || "";

/** After a log-in in another window the token of this page is old; the refusal brings the new one. */
export function renewed(fresh) {
  if (!fresh) return false;
  for (const input of all("input[name=csrfmiddlewaretoken]")) input.value = fresh;
  for (const place of all("[data-upload-token]")) place.dataset.uploadToken = fresh;
  return true;
}

export const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select"));

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const clock = (moment) => CLOCK.format(moment);

/** A preference of this browser; a browser that keeps nothing has none. */
export const kept = {
  get(name) { try { return localStorage.getItem(`shuniu.${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`shuniu.${name}`, value); } catch { /* not kept */ } },
};

// Every page works without this file; with it the way is shorter.

import { all, on, one, ready } from "./dom.js";
import "./htmx.js";
import "./forms.js";
import "./autosave.js";
import "./dialog.js";
import "./palette.js";
import "./table.js";
import "./upload.js";

ready((root) => {
  for (const element of all(".js-only[hidden], [data-print][hidden]", root)) element.hidden = false;
});

on("click", "[data-print]", () => window.print());

// Menus of the masthead: one open at a time; a click elsewhere or Esc closes, Esc gives the focus back.
const menus = () => all("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) one("summary", menu).focus();
  }
});

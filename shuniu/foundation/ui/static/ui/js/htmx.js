// One place where htmx is told the rules of the house.

import { all, say, toast, token } from "./dom.js";

document.addEventListener("htmx:beforeSwap", (event) => {
  // A refused form and a conflict are pages too.
  if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers, parameters } = event.detail;
  if (verb !== "get" && !parameters.csrfmiddlewaretoken) headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:afterSettle", (event) => {
  for (const element of all("[data-say]", event.detail.elt)) say(element.dataset.say || element.textContent.trim());
});

document.addEventListener("htmx:sendError", () => toast("没有连上服务器，内容还在本页，请重试", "alert"));
document.addEventListener("htmx:responseError", (event) => {
  const id = event.detail.xhr.getResponseHeader("X-Request-ID");
  toast(`系统没有完成这一步，请重试${id ? `（编号 ${id}）` : ""}`, "alert");
});

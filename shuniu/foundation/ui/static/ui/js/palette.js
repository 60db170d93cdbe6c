// Ctrl+K: organisations, cases, actions, help in one box. "?" lists the keys. Both can be switched off.
// The address in data-palette of the body answers {"results": [{"label", "hint", "url"}]} to ?q=.

import { kept, make, on, one, say, typing } from "./dom.js";
import { open } from "./dialog.js";

const REST = 120;
let palette = null;

export const keysAllowed = () => kept.get("keys") !== "off";

function build() {
  const input = make("input", {
    class: "palette__query", type: "text", role: "combobox", autocomplete: "off", autofocus: true,
    "aria-label": "查找组织、申报、操作", "aria-expanded": "true", "aria-controls": "palette-list", placeholder: "组织、申报、操作",
  });
  const list = make("ul", { class: "palette__list", id: "palette-list", role: "listbox", "aria-label": "结果" });
  const words = make("p", { class: "palette__say", role: "status" }, "名称、拼音首字母或编号。↑ ↓ 选择，Enter 打开，Esc 关闭");
  const dialog = make("dialog", { class: "dialog palette", "aria-label": "查找" }, input, list, words);
  one("[data-dialogs]").append(dialog);

  let timer = 0;
  let asked = null;
  let chosen = -1;

  const choose = (index) => {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };

  const show = (results) => {
    chosen = -1;
    list.replaceChildren(...results.map((result, i) => {
      const option = make("li", { role: "option", id: `palette-${i}`, "data-url": result.url, "aria-selected": "false" }, result.label);
      if (result.hint) option.append(make("small", {}, result.hint));
      return option;
    }));
    words.textContent = results.length ? `${results.length} 条，Enter 打开` : "没有找到。可换一个名称，或只输入拼音首字母";
    input.removeAttribute("aria-activedescendant");
    if (results.length) choose(0);
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(document.body.dataset.palette, location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.json()).results || []);
    } catch (error) {
      if (error.name !== "AbortError") words.textContent = "查找没有成功，请再试一次";
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  input.addEventListener("compositionend", later);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && list.children[chosen]) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.url);
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-url]");
    if (option) location.assign(option.dataset.url);
  });
  return { dialog, input, ask };
}

function showPalette() {
  palette ||= build();
  open(palette.dialog);
  palette.input.select();
  palette.ask();
}

const KEYS = [
  ["Ctrl K", "查找组织、申报、操作"],
  ["J / K", "下一条 / 上一条"],
  ["Ctrl Enter", "按下正在填写的表单的主按钮"],
  ["Esc", "关闭菜单或对话框"],
  ["?", "看快捷键"],
];

function showKeys() {
  let dialog = document.getElementById("shortcuts");
  if (!dialog) {
    const rows = KEYS.map(([key, words]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)]).flat();
    const box = make("input", { type: "checkbox", id: "shortcuts-on" });
    box.checked = keysAllowed();
    box.addEventListener("change", () => {
      kept.set("keys", box.checked ? "on" : "off");
      say(box.checked ? "快捷键已打开" : "快捷键已关闭");
    });
    dialog = make("dialog", { class: "dialog", id: "shortcuts", "aria-labelledby": "shortcuts-h" },
      make("div", { class: "dialog__head" }, make("h2", { id: "shortcuts-h", tabindex: "-1" }, "快捷键"),
        make("button", { class: "btn btn--plain", type: "button", "data-close": true }, "关闭")),
      make("div", { class: "dialog__body" }, make("dl", { class: "keys" }, ...rows),
        make("label", { class: "choice mt", for: "shortcuts-on" }, box, make("span", {}, "在这台电脑上使用快捷键"))));
    one("[data-dialogs]").append(dialog);
  }
  open(dialog);
}

on("click", "[data-shortcuts]", showKeys);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !keysAllowed() || one("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && document.body.dataset.palette) {
    event.preventDefault();
    showPalette();
  } else if (event.key === "?" && !typing(event.target)) {
    event.preventDefault();
    showKeys();
  }
});

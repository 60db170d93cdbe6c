// Autosave of a form with data-autosave="address": changed fields are posted in order, one request at a time.
// The server answers 204; 422 for a field it cannot keep, 409 when somebody else was first.
// Fields sent: the changed ones, every hidden one, and _changed with their names.

import { all, clock, icon, on, one, renewed, say } from "./dom.js";

const REST = 700;
const LONGEST_WAIT = 30000;
const savers = new WeakMap();

class Saver {
  constructor(form) {
    this.form = form;
    this.changed = new Set();
    this.busy = false;
    this.failures = 0;
    this.timer = 0;
  }

  note(name) {
    this.changed.add(name);
    this.wait(this.failures ? this.pause() : REST);
  }

  pause() { return Math.min(1000 * 2 ** this.failures, LONGEST_WAIT); }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  body(names) {
    const data = new FormData(this.form);
    const body = new URLSearchParams();
    for (const input of all("input[type=hidden][name]", this.form)) body.append(input.name, input.value);
    for (const name of names) {
      body.append("_changed", name);
      const values = data.getAll(name).filter((value) => typeof value === "string");
      for (const value of values.length ? values : [""]) body.append(name, value);
    }
    return body;
  }

  async send(leaving = false) {
    if ((this.busy && !leaving) || !this.changed.size || this.form.dataset.sent) return;
    clearTimeout(this.timer);
    const names = [...this.changed];
    this.changed.clear();
    this.busy = true;
    this.tell("turn", "保存中");
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: this.body(names),
        headers: { "X-Requested-With": "autosave", Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: leaving,
      });
      this.busy = false;
      await this.answered(answer, names);
    } catch {
      this.busy = false;
      this.again(names, "未保存，网络恢复后自动重发");
    }
  }

  async answered(answer, names) {
    if (answer.ok) {
      this.failures = 0;
      const version = answer.headers.get("X-Form-Version");
      if (version && this.form.elements.version) this.form.elements.version.value = version;
      const at = new Date(answer.headers.get("Date") || Date.now());
      this.tell("check", `已保存 ${clock(at)}`);
      if (this.changed.size) this.wait(0);
      return;
    }
    if (answer.status === 422) {
      this.tell("alert", await sentence(answer, "未保存，有内容需要修改"), true);
    } else if (answer.status === 409) {
      this.tell("alert", await sentence(answer, "未保存，别人已经先改了。请另开本页核对"), true);
    } else if (answer.status === 403 && this.failures < 3 && renewed(answer.headers.get("X-CSRF-Fresh"))) {
      this.again(names, "保存中");
      this.wait(0);
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      this.tell("alert", await sentence(answer, "未保存，登录已过期。请在新窗口登录后，再改动任一处"), true);
      for (const name of names) this.changed.add(name);
    } else {
      this.again(names, "未保存，稍后自动重试");
    }
  }

  again(names, words) {
    for (const name of names) this.changed.add(name);
    this.failures += 1;
    this.tell("alert", words, true);
    this.wait(this.pause());
  }

  /** Words that would be lost with the page; while the net holds, leaving sends them. */
  get atRisk() { return this.changed.size > 0 && (this.failures > 0 || !navigator.onLine); }

  tell(shape, words, bad = false) {
    const place = one("[data-save-state]", this.form) || one("[data-save-state]");
    if (!place) return say(words);
    place.classList.toggle("is-bad", bad);
    place.replaceChildren(icon(shape), words);
    place.dataset.state = bad ? "unsaved" : shape === "check" ? "saved" : "saving";
  }
}

async function sentence(answer, otherwise) {
  try { return (await answer.json()).error || otherwise; } catch { return otherwise; }
}

function saverOf(form) {
  if (!savers.has(form)) savers.set(form, new Saver(form));
  return savers.get(form);
}

on("input", "form[data-autosave] [name]:not([type=file], [type=hidden], button)", (event, field) => {
  if (!event.isComposing) saverOf(field.form).note(field.name);
});
on("compositionend", "form[data-autosave] [name]", (event, field) => saverOf(field.form).note(field.name));

// A field that belongs to the form by its form attribute stands outside of it.
on("input", "[form][name]", (event, field) => {
  if (field.form?.dataset.autosave && !field.form.contains(field) && !event.isComposing) saverOf(field.form).note(field.name);
});

const everywhere = (act) => { for (const form of all("form[data-autosave]")) if (savers.has(form)) act(savers.get(form)); };

window.addEventListener("online", () => everywhere((saver) => saver.wait(0)));
window.addEventListener("pagehide", () => everywhere((saver) => saver.send(true)));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") everywhere((saver) => saver.send(true));
});
window.addEventListener("beforeunload", (event) => everywhere((saver) => { if (saver.atRisk) event.preventDefault(); }));

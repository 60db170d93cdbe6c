// Upload: drag, several at once, progress, cancel, retry, one sentence per cause.
// [data-upload="address"] sends each file at once as the field `data-upload-name`; the server answers
// {"name", "size", "url", "delete_url"} or 4xx {"error": "sentence"}. Without address the files go with the form.

import { icon, make, on, one, ready, renewed, say, token } from "./dom.js";

const AT_ONCE = 2;
const waiting = [];
let running = 0;

ready((root) => {
  for (const zone of root.querySelectorAll("[data-upload-zone]")) zone.classList.add("is-live");
});

export const size = (bytes) =>
  bytes < 1024 ? `${bytes} 字节` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

on("change", "[data-upload] input[type=file]", (event, input) => {
  const place = input.closest("[data-upload]");
  if (!place.dataset.upload) return;
  take(place, [...input.files]);
  input.value = "";   // already on their way: not once more with the form
});

for (const type of ["dragenter", "dragover"]) {
  on(type, "[data-upload-zone]", (event, zone) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
on("dragleave", "[data-upload-zone]", (event, zone) => zone.classList.remove("is-over"));
on("drop", "[data-upload-zone]", (event, zone) => {
  event.preventDefault();
  zone.classList.remove("is-over");
  const place = zone.closest("[data-upload]");
  const input = one("input[type=file]", zone);
  if (place.dataset.upload) take(place, [...event.dataTransfer.files]);
  else input.files = event.dataTransfer.files;
});

function take(place, files) {
  for (const file of files) {
    const row = new Row(place, file);
    const most = Number(place.dataset.uploadMax) * 1048576;
    if (file.size === 0) row.fail("文件是空的，没有内容。请核对后重新选择", false);
    else if (file.size > most) row.fail(`文件 ${size(file.size)}，超过 ${place.dataset.uploadMax} MB。请压缩或拆分后重新选择`, false);
    else queue(row);
  }
}

function queue(row) {
  waiting.push(row);
  row.say("等待上传");
  pump();
}

function pump() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    waiting.shift().send().finally(() => {
      running -= 1;
      pump();
    });
  }
}

class Row {
  constructor(place, file) {
    this.place = place;
    this.file = file;
    this.name = make("span", {}, file.name);
    this.words = make("small", {});
    this.button = make("button", { type: "button", class: "btn btn--plain" }, "取消");
    this.bar = make("progress", { max: "100", value: "0", "aria-label": `${file.name} 上传进度` });
    this.element = make("li", {}, icon("file"), this.name, this.button, this.bar, this.words);
    this.button.addEventListener("click", () => this.press());
    one("[data-upload-list]", place).append(this.element);
  }

  say(words, bad = false) {
    this.words.textContent = words;
    this.words.classList.toggle("is-bad", bad);
  }

  press() {
    if (this.state === "failed") {
      this.state = "";
      this.button.textContent = "取消";
      this.bar.hidden = false;
      queue(this);
    } else {
      const index = waiting.indexOf(this);
      if (index >= 0) waiting.splice(index, 1);
      this.request?.abort();
      this.element.remove();
      say(`已取消 ${this.file.name}`);
    }
  }

  fail(words, retry = true) {
    this.state = retry ? "failed" : "";
    this.bar.hidden = true;
    this.button.textContent = retry ? "重试" : "移除";
    this.say(words, true);
    say(`${this.file.name}：${words}`);
  }

  send() {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append(this.place.dataset.uploadName, this.file, this.file.name);
      body.append("csrfmiddlewaretoken", this.place.dataset.uploadToken || token());
      this.request = request;
      request.open("POST", this.place.dataset.upload);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-Requested-With", "upload");
      request.upload.addEventListener("progress", (event) => {
        const share = Math.round((100 * event.loaded) / event.total);
        this.bar.value = share;
        this.say(share < 100 ? `已传 ${share}%` : "正在检查文件");
      });
      request.addEventListener("load", () => this.answered(request));
      request.addEventListener("error", () => this.fail("网络中断，没有传完。请重试"));
      request.addEventListener("timeout", () => this.fail("网络太慢，没有传完。请重试"));
      request.addEventListener("loadend", done);
      request.send(body);
    });
  }

  answered(request) {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* the sentence of the status follows */ }
    if (request.status >= 200 && request.status < 300) return this.kept(answer);
    if (request.status === 403 && !this.renewed && renewed(request.getResponseHeader("X-CSRF-Fresh"))) {
      this.renewed = true;
      return queue(this);
    }
    if (answer.error) return this.fail(answer.error, request.status >= 500);
    if (request.status === 413) return this.fail(`文件太大。每份不超过 ${this.place.dataset.uploadMax} MB`, false);
    if (request.status === 401 || request.status === 403) return this.fail("登录已过期。请在新窗口登录后重试");
    return this.fail("系统没有收下这份文件。请重试");
  }

  kept(answer) {
    this.bar.remove();
    this.say("");
    this.words.append(`${size(answer.size ?? this.file.size)}，`,
      make("span", { class: "status is-ok" }, icon("check"), "已上传"));
    if (answer.url) this.name.replaceChildren(make("a", { href: answer.url }, answer.name || this.file.name));
    if (answer.delete_url) this.button.replaceWith(make("a", { class: "btn btn--plain", href: answer.delete_url }, "删除"));
    else this.button.remove();
    say(`${this.file.name} 已上传`);
    this.place.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: answer }));
  }
}

// Score sheet: the total and what is left are told while points are typed. The server computes both again.

const form = document.getElementById("score");
const inputs = form ? [...form.querySelectorAll("[data-points]")] : [];
const number = document.querySelector("[data-total-number]");
const left = document.querySelector("[data-left-words]");

function points(input) {
  const text = input.value.normalize("NFKC").replace("。", ".").trim();
  return text === "" ? null : Number(text);
}

function tell() {
  const given = inputs.map(points);
  const signed = given.map((value, n) => (inputs[n].dataset.kind === "deduction" ? -value : value));
  const sum = signed.reduce((total, value) => total + (Number.isFinite(value) ? value : 0), 0);
  const most = number.dataset.most ? Number(number.dataset.most) : Infinity;
  number.textContent = String(Math.round(Math.max(0, Math.min(sum, most)) * 10) / 10);
  const missing = given.filter((value) => value === null).length;
  const words = missing ? `还有 ${missing} 项未打分` : "各项都已打分";
  if (left.lastChild.textContent !== words) left.lastChild.textContent = words;
}

if (number && left) for (const input of inputs) input.addEventListener("input", tell);

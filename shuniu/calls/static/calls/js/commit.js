// The digest of "number:salt" is computed on the party's own device; number and salt are not sent.

const box = document.querySelector("[data-commit]");
const digest = document.querySelector("[data-commit-digest]");

async function compute() {
  const value = `${box.querySelector("[data-commit-number]").value}:${box.querySelector("[data-commit-salt]").value}`;
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
  digest.value = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

if (box && digest && globalThis.crypto?.subtle) box.addEventListener("input", compute);
else box?.remove();

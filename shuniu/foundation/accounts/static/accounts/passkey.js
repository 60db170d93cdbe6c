// A passkey that was refused or cancelled is told in words; allauth itself only writes to the console.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  let note = document.getElementById("passkey-error");
  if (!note) {
    note = document.createElement("div");
    note.id = "passkey-error";
    note.className = "note note--bad";
    note.setAttribute("role", "alert");
    document.querySelector("main form").before(note);
  }
  note.textContent = "通行密钥没有通过：可能是取消了操作、超过了时间，或这台设备上没有登记过。请再试一次，或改用密码和动态口令。";
});

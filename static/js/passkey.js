// Passkeys, for forms with data-passkey: "login" (asks its own address for a question first),
// "get" and "create" (the question stands in #passkey-options). The form stays hidden without this
// script or in a browser without passkeys; then there is always the code.
(() => {
  if (!window.PublicKeyCredential || !window.webauthnJSON) return;

  const question = async (form) => {
    if (form.dataset.passkey !== "login") {
      return JSON.parse(document.getElementById("passkey-options").textContent);
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).request_options;
  };

  const say = (form, text) => {
    const status = form.querySelector("[role=status]");
    // A moment later: a screen reader must have seen the empty status first.
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50);
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      try {
        const make = form.dataset.passkey === "create";
        const options = await question(form);
        const credential = await window.webauthnJSON[make ? "create" : "get"](options);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        busy = false; // the person stopped it, or there is no passkey here
        say(form, form.dataset.failed);
      }
    });
  }
})();

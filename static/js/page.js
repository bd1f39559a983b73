// What every page gains from a script; each works without.
document.documentElement.classList.add("js");

// For everybody whose form came back with errors: move the focus to the error summary,
// and let its links put the cursor in the field. Without this script the links still jump.
(() => {
  const summary = document.querySelector(".errors[role=alert]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    (field.closest(".field") || field).scrollIntoView({ block: "start" });
  });
})();

// A button with data-copy="#id" copies the value of that input and says so (data-done, for screen readers too).
// Without this script the button stays hidden and the input can be copied by hand.
(() => {
  const say = (button, text) => {
    let status = button.parentElement.querySelector("[role=status]");
    if (!status) {
      status = document.createElement("span");
      status.className = "status";
      status.setAttribute("role", "status");
      button.after(status);
    }
    // A moment later: a screen reader must have seen the empty status first.
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50);
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const input = document.querySelector(button.dataset.copy);
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      if (!document.execCommand("copy")) return; // plain http: the text is selected, ctrl+c works
    }
    say(button, button.dataset.done);
  });
})();

// A button with data-print opens the print window. Without this script it stays hidden.
(() => {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();

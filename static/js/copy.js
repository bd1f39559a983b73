// A button with data-copy="#id" copies the value of that input and says so (data-done, for screen readers too).
// Without this script the button stays hidden and the input can be copied by hand.
(() => {
  document.documentElement.classList.add("js");
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

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

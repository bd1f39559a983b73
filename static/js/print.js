// A button with data-print opens the print window. Without this script it stays hidden.
(() => {
  document.documentElement.classList.add("js");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();

// Nothing is kept on the visitor's device: htmx 2 writes the address in sessionStorage, whatever historyCacheSize, unless writing fails (2026-11).
Storage.prototype.setItem = () => { throw new Error("nothing is kept here"); };

// After htmx has replaced the results: say the count aloud, take the reader to the new list. Without htmx the page reloads whole.
document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "orientation") return;
  const title = document.getElementById("resultats");
  if (!title) return;
  title.focus();
  title.scrollIntoView();
  document.getElementById("annonce").textContent = title.textContent;
});

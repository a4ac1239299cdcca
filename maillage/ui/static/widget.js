// Maillage on a partner's page: one frame per element that has data-maillage, as tall as what it shows. Sets no cookie, asks nothing else.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const frames = new Map();
  const several = new Set(["besoin", "nature", "secteur", "public"]);

  function frame(box) {
    const { maillage, langue, titre, ...said } = box.dataset;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(said)) {
      for (const one of several.has(name) ? value.split(",") : [value]) query.append(name, one.trim());
    }
    query.set("parent", location.origin);
    const made = document.createElement("iframe");
    made.src = `${origin}${langue === "en" ? "/en" : ""}/widget/?${query}`;
    made.title = titre || (langue === "en" ? "Support for projects" : "Appuis aux projets");
    Object.assign(made.style, { width: "100%", height: "30rem", border: "0", display: "block" });
    box.replaceChildren(made);
    frames.set(made.contentWindow, made);
  }

  addEventListener("message", (event) => {
    const made = frames.get(event.source);
    if (event.origin !== origin || !made || !event.data || event.data.maillage !== "height") return;
    const height = Number(event.data.height);
    if (height > 0 && height < 20000) made.style.height = `${Math.ceil(height)}px`;
  });

  const start = () => document.querySelectorAll("[data-maillage]").forEach(frame);
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start();
})();

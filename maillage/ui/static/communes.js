// Suggestions under a commune field, as one types (ARIA 1.2 combobox with a listbox). Without this script the field takes a
// name or a postal code all the same, and the next page offers the choice.
for (const box of document.querySelectorAll("[data-communes]")) enhance(box);

function enhance(box) {
  const input = box.querySelector("input[type=text]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.className = "suggestions";
  list.id = `${input.id}-liste`;
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "listbox", "aria-label": input.labels[0].textContent })) list.setAttribute(name, value);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  box.append(list, status);
  let asked = 0, at = -1, timer;

  const written = (commune) => [commune.name, commune.postcodes[0]].join(" ").trim();

  function show(found) {
    at = -1;
    if (found.length === 1 && written(found[0]) === input.value.trim()) found = []; // nothing left to complete
    list.replaceChildren(...found.map((commune, rank) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${rank}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = commune.label;
      option.dataset.value = written(commune);
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${found.length} ${box.dataset.found}` : "";
  }

  function move(step) {
    const options = [...list.children];
    if (!options.length) return;
    at = (at + step + options.length) % options.length;
    options.forEach((option, rank) => option.setAttribute("aria-selected", String(rank === at)));
    options[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[at].id);
  }

  function choose(option) {
    input.value = option.dataset.value;
    show([]);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const text = input.value.trim(), turn = ++asked;
    if (text.length < 2) return show([]);
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(`${box.dataset.communes}?q=${encodeURIComponent(text)}`);
        const found = answer.ok ? await answer.json() : { communes: [] };
        if (turn === asked && document.activeElement === input) show(found.communes);
      } catch { show([]); }
    }, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { move(event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); }
    else if (event.key === "Enter" && at >= 0) { choose(list.children[at]); event.preventDefault(); }
    else if (event.key === "Escape") { show([]); event.preventDefault(); }
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("li");
    if (option) { choose(option); event.preventDefault(); }
  });
  input.addEventListener("blur", () => { asked += 1; show([]); });
}

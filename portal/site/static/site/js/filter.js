/* Puts a filter above a long list of check boxes; without this module the list stands whole. */

function enhance(list) {
  const options = [...list.querySelectorAll("fieldset > div:not(.helptext) > div")];
  if (options.length < 8) return;
  const label = document.createElement("label");
  const box = document.createElement("input");
  const none = document.createElement("p");
  box.type = "search";
  box.id = `filter-${options[0].querySelector("input").name}`;
  label.htmlFor = box.id;
  label.textContent = list.dataset.filterLabel;
  none.setAttribute("role", "status");
  none.className = "muted small";
  options[0].parentElement.before(label, box, none);

  box.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = box.value.trim().toLowerCase();
    options.forEach((option) => {
      const fits = option.textContent.toLowerCase().includes(wanted);
      option.hidden = !fits && !option.querySelector("input").checked;
    });
    none.textContent = options.every((option) => option.hidden) ? list.dataset.filterEmpty : "";
  });
  box.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

document.querySelectorAll("[data-filter-label]").forEach(enhance);

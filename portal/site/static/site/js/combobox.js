/* Turns a search field with a list of suggestions into a combobox (WAI-ARIA 1.2, list autocomplete).
   htmx fetches the options; without this module the field is a plain search form. */

function optionsOf(list) {
  return [...list.querySelectorAll('[role="option"]')];
}

function enhance(input) {
  const list = document.getElementById(input.dataset.combobox);
  if (!list) return;
  let active = -1;
  let dismissed = false;

  Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  }).forEach(([name, value]) => input.setAttribute(name, value));

  function open(wanted) {
    const shown = wanted && optionsOf(list).length > 0;
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(-1);
  }

  function choose(index) {
    active = index;
    input.removeAttribute("aria-activedescendant");
    optionsOf(list).forEach((option, place) => {
      option.id ||= `${list.id}-${place}`;
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  }

  function accept(option) {
    if (option.dataset.url) {
      window.location.assign(option.dataset.url);
      return;
    }
    input.value = option.dataset.value;
    open(false);
    input.form.requestSubmit();
  }

  list.addEventListener("htmx:afterSwap", () => {
    choose(-1);
    open(!dismissed && document.activeElement === input && input.value.trim() !== "");
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) accept(option);
  });

  input.addEventListener("input", () => {
    dismissed = false;
    if (input.value.trim() === "") open(false);
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = optionsOf(list).length;
    const shown = !list.hidden;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      if (!shown) open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
    } else if (event.key === "Enter" && shown && active >= 0) {
      event.preventDefault();
      accept(optionsOf(list)[active]);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      dismissed = true;
      open(false);
    }
  });
}

document.querySelectorAll("[data-combobox]").forEach(enhance);

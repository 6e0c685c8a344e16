/* Counts the characters left in long text fields; the server checks the same limit and says it
   beside the field when this module does not run. Python counts code points, so does this. */

function enhance(field) {
  const box = field.querySelector("textarea, input");
  const text = field.querySelector("[data-counter-text]");
  if (!box || !text) return;
  const limit = Number(field.dataset.counter);
  const spoken = text.cloneNode(false);
  let timer;

  box.removeAttribute("maxlength");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  text.setAttribute("aria-hidden", "true");
  text.after(spoken);

  function update() {
    const left = limit - [...box.value.replace(/\r?\n/g, "\r\n")].length;
    text.textContent =
      left < 0
        ? text.dataset.counterOver.replace("{over}", String(-left))
        : text.dataset.counterText.replace("{left}", String(left)).replace("{limit}", String(limit));
    text.classList.toggle("counter--over", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = text.textContent;
    }, 1000);
  }

  box.addEventListener("input", update);
  update();
}

function enhanceAll(root) {
  root.querySelectorAll("[data-counter]:not([data-counted])").forEach((field) => {
    field.dataset.counted = "true";
    enhance(field);
  });
}

enhanceAll(document);
document.addEventListener("htmx:afterSwap", (event) => enhanceAll(event.target));

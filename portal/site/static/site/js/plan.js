// Drags booths over the grid of a hall: where one is dropped fills the form that moves it.
// Without this module the same form and its arrows do it.

const plan = document.querySelector("[data-plan]");
const form = document.querySelector("[data-plan-form]");

if (plan && form) {
  const cell = Number(plan.dataset.cell);
  let held = null;

  const units = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY);
    return point.matrixTransform(plan.getScreenCTM().inverse());
  };

  const cells = (event) => {
    const now = units(event);
    return [Math.round((now.x - held.from.x) / cell), Math.round((now.y - held.from.y) / cell)];
  };

  const release = () => {
    held.booth.removeAttribute("transform");
    held.booth.classList.remove("plan__booth--dragged");
    held = null;
  };

  plan.addEventListener("pointerdown", (event) => {
    const booth = event.target.closest("[data-booth]");
    if (booth && event.button === 0) {
      held = { booth, from: units(event), moved: false };
    }
  });

  plan.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [across, down] = cells(event);
    if (!held.moved && (across || down)) {
      held.moved = true;
      plan.setPointerCapture(event.pointerId);
      held.booth.classList.add("plan__booth--dragged");
    }
    if (held.moved) {
      held.booth.setAttribute("transform", `translate(${across * cell} ${down * cell})`);
    }
  });

  plan.addEventListener("pointerup", (event) => {
    if (!held) return;
    const [across, down] = cells(event);
    const { booth, moved } = held;
    if (moved && (across || down)) {
      form.elements.booth.value = booth.dataset.booth;
      form.elements.x.value = Number(booth.dataset.x) + across;
      form.elements.y.value = Number(booth.dataset.y) + down;
      form.requestSubmit();
    }
    release();
  });

  plan.addEventListener("pointercancel", () => held && release());
  plan.addEventListener("dragstart", (event) => event.preventDefault());
  plan.toggleAttribute("data-plan-ready", true);
}

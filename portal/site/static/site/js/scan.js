// Reads the QR code of a badge into a form's field with the camera. Without it the code is typed
// into the same field.

import { canRead, watch } from "./camera.js";

const form = document.querySelector("[data-scan-form]");
const button = form?.querySelector("[data-scan]");
let end = null;

const close = () => {
  end?.();
  end = null;
};

const open = async () => {
  end = await watch(form.querySelector("[data-scan-video]"), (code) => {
    close();
    form.elements.ticket.value = code;
    form.elements.source.value = "SCANNED";
    form.elements.ticket.focus();
  });
};

if (button && (await canRead())) {
  button.hidden = false;
  button.addEventListener("click", () => (end ? close() : open()));
}

// Reads the QR code of a badge with the camera, where the browser has a detector of its own.
// Without it, or without a camera, the code is typed into the same field.

const form = document.querySelector("[data-scan-form]");
const button = form?.querySelector("[data-scan]");
const video = form?.querySelector("[data-scan-video]");

const canScan = async () =>
  "BarcodeDetector" in window &&
  navigator.mediaDevices?.getUserMedia &&
  (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");

const stop = () => {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  video.hidden = true;
};

const scan = async () => {
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  video.srcObject = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment" },
  });
  video.hidden = false;
  await video.play();
  const look = async () => {
    if (!video.srcObject) return;
    const [found] = await detector.detect(video);
    if (found) {
      form.elements.ticket.value = found.rawValue;
      form.elements.source.value = "SCANNED";
      stop();
      form.elements.ticket.focus();
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
};

if (button && (await canScan())) {
  button.hidden = false;
  button.addEventListener("click", () => (video.srcObject ? stop() : scan().catch(stop)));
}

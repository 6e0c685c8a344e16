/* Reads QR codes with the camera, where the browser has a detector of its own. */

const EVERY = 200; // milliseconds

export async function canRead() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
  return Boolean(navigator.mediaDevices) && formats.includes("qr_code");
}

/* Shows what the camera sees and tells each code that is read. Gives the function that ends it,
   or null where the camera is not there or not allowed. */
export async function watch(video, tell) {
  const stream = await navigator.mediaDevices
    .getUserMedia({ video: { facingMode: "environment" } })
    .catch(() => null);
  if (!stream) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });

  async function look() {
    if (!video.srcObject) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (found && video.srcObject) tell(found.rawValue);
    setTimeout(look, EVERY);
  }

  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  look();
  return () => {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
  };
}

// Put into the page before anything else: how the tests and the benchmark see a view change.

// What a stage shows now. The pixels are summed up in one number, so that a picture which was
// sent again unchanged does not count as a change.
window.kfLook = async (stage) => {
  const picture = stage.querySelector("img");
  await picture.decode().catch(() => {});
  const canvas = new OffscreenCanvas(picture.naturalWidth || 1, picture.naturalHeight || 1);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (picture.naturalWidth) pen.drawImage(picture, 0, 0);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (const four of new Uint32Array(pixels.buffer)) sum = (Math.imul(sum, 31) + four) | 0;
  const error = stage.querySelector(".kf-error");
  return {
    view: stage.dataset.view,
    pixels: sum,
    width: picture.naturalWidth,
    alt: picture.alt,
    readout: stage.querySelector(".kf-readout").textContent,
    error: error && error.checkVisibility() ? error.textContent : "",
    handles: JSON.parse(stage.dataset.handles || "[]"),
  };
};

// The look as soon as pixels, words or error differ from `before`; null when nothing changes.
window.kfChange = async (stage, before, milliseconds) => {
  const picture = stage.querySelector("img");
  const end = performance.now() + milliseconds;
  let seen = null;
  while (performance.now() < end) {
    const now = picture.src + stage.textContent;
    if (now !== seen) {
      seen = now;
      const look = await window.kfLook(stage);
      if (["pixels", "readout", "error"].some((part) => look[part] !== before[part])) return look;
    }
    await new Promise(requestAnimationFrame);
  }
  return null;
};

// Milliseconds from the next key press to the first frame at which the text or the picture in
// `place` is another one. Armed before the press, awaited after it.
window.kfTime = (place, milliseconds) => {
  const picture = () => place.querySelector("img");
  // `interact` takes its picture away before it shows the next: no picture is no change yet.
  const content = () => (picture() ? picture().src : place.querySelector("canvas,svg") ? "" : null) ?? place.textContent;
  const before = content();
  let pressed = null;
  window.addEventListener("keydown", () => (pressed = performance.now()), {
    capture: true,
    once: true,
  });
  const end = performance.now() + milliseconds;
  window.kfTimed = new Promise((resolve) => {
    const frame = async () => {
      const now = performance.now();
      if (now > end) return resolve(null);
      if (pressed === null || content() === before) return requestAnimationFrame(frame);
      if (!picture()) return resolve(now - pressed);
      await picture().decode().catch(() => {});
      resolve(Math.max(now, performance.now()) - pressed);
    };
    requestAnimationFrame(frame);
  });
};

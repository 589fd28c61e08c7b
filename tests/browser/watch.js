// Put into the page before anything else: how the tests and the benchmark see a picture change.

// What a stage shows now. The pixels are summed up in one number, so that a picture which was
// sent again unchanged does not count as a change.
window.kfLook = async (stage) => {
  const picture = stage.querySelector("img");
  await picture?.decode().catch(() => {});
  const canvas = new OffscreenCanvas(picture?.naturalWidth || 1, picture?.naturalHeight || 1);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (picture?.naturalWidth) pen.drawImage(picture, 0, 0);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (const four of new Uint32Array(pixels.buffer)) sum = (Math.imul(sum, 31) + four) | 0;
  const error = stage.querySelector(".kf-error");
  return {
    pixels: sum,
    // What is loaded, and what is laid out: a picture may be there and take no room.
    size: [picture?.naturalWidth ?? 0, picture?.getBoundingClientRect().width ?? 0],
    alt: picture?.alt,
    readout: stage.querySelector(".kf-readout").textContent,
    error: error && error.checkVisibility() ? error.textContent || "(no words)" : "",
    handles: JSON.parse(stage.dataset.handles || "[]"),
    area: JSON.parse(stage.dataset.clickArea || "[]"), // where a click counts
    top: Math.round(stage.getBoundingClientRect().top),
  };
};

const state = (stage) => stage.querySelector("img")?.src + stage.textContent;
const frame = () => new Promise(requestAnimationFrame);

// The look once pixels, words or error differ from `before`; null when nothing changes in time.
window.kfChange = async (stage, before, milliseconds) => {
  const end = performance.now() + milliseconds;
  let seen = null;
  while (performance.now() < end) {
    const now = state(stage);
    if (now !== seen) {
      seen = now;
      const look = await window.kfLook(stage);
      if (["pixels", "readout", "error"].some((part) => look[part] !== before[part])) {
        await frame(); // the words are there at once, the picture when it is decoded
        await frame();
        return await window.kfLook(stage);
      }
    }
    await frame();
  }
  return null;
};

// The look once nothing has changed for `quiet` milliseconds, and no message waits for its answer.
window.kfRest = async (stage, quiet) => {
  let since = performance.now();
  let seen = null;
  while (performance.now() - since < quiet) {
    const now = state(stage);
    if (now !== seen || window.kfBusy.size) [seen, since] = [now, performance.now()];
    await frame();
  }
  return await window.kfLook(stage);
};

// The look once picture and words are those of `wanted`; whatever there is when time is up.
window.kfBack = async (stage, wanted, milliseconds) => {
  const end = performance.now() + milliseconds;
  let look = await window.kfLook(stage);
  while (performance.now() < end) {
    if (look.pixels === wanted.pixels && look.readout === wanted.readout) break;
    await frame();
    look = await window.kfLook(stage);
  }
  return look;
};

// For the benchmark: milliseconds from the next key press to the first frame that shows another
// picture, or where there is none another text, in `place`. Armed before the press; the answer,
// null when nothing changes, is in kfTimed.
window.kfTime = (place, isPicture, milliseconds) => {
  // `interact` takes its picture away before it shows the next: no picture is no change yet.
  const content = (otherwise) =>
    isPicture ? (place.querySelector("img")?.src ?? otherwise) : place.textContent;
  const before = content(null);
  const end = performance.now() + milliseconds;
  let pressed = null;
  window.addEventListener("keydown", () => (pressed = performance.now()), {
    capture: true,
    once: true,
  });
  window.kfTimed = new Promise((resolve) => {
    const look = async () => {
      const now = performance.now();
      if (pressed !== null && content(before) !== before) {
        if (!isPicture) return resolve(now - pressed);
        await place.querySelector("img").decode();
        return resolve(performance.now() - pressed);
      }
      if (now > end) return resolve(null);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
};

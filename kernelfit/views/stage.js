// The stage: one picture that is replaced in place, the sentence below it, points to grab, and
// where a view wants it a place to click.
//
// The picture comes from Python as a whole PNG. It is decoded before it is shown, so nothing
// flickers. What the hand does goes back through synced values, `drag` and `click`; the widget
// manager sends the newest value only when the kernel has answered the last one, so nothing queues.

const STEP = 0.01; // one press of an arrow key, as a fraction of the picture
const ROOM = 600; // CSS pixels below which the column counts as narrow
const REACH = 28; // how near the pointer must be to grab a point, in CSS pixels
const STILL = 5; // how far the pointer may move between press and release of a click, in CSS pixels

function element(tag, className, parent) {
  const node = document.createElement(tag);
  node.className = className;
  parent.append(node);
  return node;
}

// RISE shows a notebook as slides. There the keys turn pages and go from cell to cell, unless they
// are pressed within a view: on a slider or a point only the space bar goes on to the next slide.
function holdShortcuts({ target }) {
  target.toggleAttribute("data-lm-suppress-shortcuts", target.closest(".reveal") !== null);
}

function holdKeys(event) {
  if (!event.currentTarget.closest(".reveal")) return;
  const goesOn = event.key === " " && !event.target.matches("select, .jupyter-button");
  if (!goesOn) event.stopPropagation();
}

// ipywidgets gives the handle of a slider no name, and says where it stands on a scale of its own:
// -1 for a tenth. Whoever listens to the page hears the words that stand before and behind it.
function nameSliders(view) {
  for (const handle of view.querySelectorAll(".noUi-handle, .ui-slider-handle")) {
    const slider = handle.closest(".jupyter-widgets");
    const value = slider.querySelector(".widget-readout")?.textContent ?? "";
    say(handle, "aria-label", slider.querySelector(".widget-label")?.textContent);
    say(handle, "aria-valuetext", value);
    if (handle.matches(".ui-slider-handle")) {
      say(handle, "role", "slider");
      say(handle, "aria-valuenow", `${parseFloat(value) || 0}`);
    }
  }
}

function say(node, attribute, words) {
  if (words && node.getAttribute(attribute) !== words) node.setAttribute(attribute, words);
}

function render({ model, el }) {
  const stage = element("div", "kf-stage", el);
  const frame = element("div", "kf-frame", stage);
  const picture = element("img", "kf-picture", frame);
  const readout = element("div", "kf-readout", stage);
  const error = element("div", "kf-error", stage);

  stage.dataset.view = model.get("view");
  picture.draggable = false;
  // Chrome can leave an image that shows its alt text, in a cell that is far below, at no size
  // even when its picture has come. So it is not there at all until it has something to show.
  picture.hidden = true;
  readout.setAttribute("aria-live", "polite");
  error.setAttribute("role", "alert");

  // The picture -----------------------------------------------------------------------------
  let newest = 0;
  let shown = null;

  async function showPicture() {
    const turn = ++newest;
    const url = URL.createObjectURL(new Blob([model.get("picture")], { type: "image/png" }));
    const decoded = new Image();
    decoded.src = url;
    await decoded.decode().catch(() => {});
    if (turn !== newest) {
      URL.revokeObjectURL(url); // a newer picture came while this one was decoded
      return;
    }
    picture.src = url;
    if (picture.hidden) {
      await picture.decode().catch(() => {});
      picture.hidden = false;
    }
    frame.style.width = `${model.get("width")}px`;
    if (shown) URL.revokeObjectURL(shown);
    shown = url;
  }

  function showWords() {
    readout.textContent = model.get("readout");
    picture.alt = model.get("readout");
    error.textContent = model.get("error");
    error.hidden = !model.get("error");
  }

  // The points ------------------------------------------------------------------------------
  const buttons = [];
  const places = [];
  let held = null;
  let current = 0;

  function showHandles() {
    const handles = model.get("handles");
    stage.dataset.handles = JSON.stringify(handles);
    // The buttons that stay are left alone: one of them may have the focus.
    while (buttons.length > handles.length) buttons.pop().remove();
    while (buttons.length < handles.length)
      buttons.push(element("button", "kf-handle", frame));
    places.length = handles.length;
    if (current >= handles.length) current = 0;
    handles.forEach(([x, y], index) => {
      const button = buttons[index];
      // The point in the hand follows the hand; Python's word for it is already old.
      if (held !== index) places[index] = [x, y];
      button.type = "button";
      button.style.left = `${100 * x}%`;
      button.style.top = `${100 * y}%`;
      button.tabIndex = index === current ? 0 : -1;
      button.setAttribute(
        "aria-label",
        `Point ${index + 1} of ${handles.length}. Arrow keys move it, N takes the next point.`
      );
    });
  }

  function move(index, x, y) {
    places[index] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
    model.set("drag", [index, ...places[index]]);
    model.save_changes();
  }

  function take(index) {
    current = index;
    buttons.forEach((button, other) => (button.tabIndex = other === index ? 0 : -1));
    buttons[index].focus({ preventScroll: true });
  }

  // Where the pointer is, as fractions of the picture.
  function place(event) {
    const box = picture.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  let pressed = null; // where the pointer went down, unless it took a point

  frame.addEventListener("pointerdown", (event) => {
    pressed = [event.clientX, event.clientY];
    const box = picture.getBoundingClientRect();
    const distances = places.map(([x, y]) =>
      Math.hypot(event.clientX - box.left - x * box.width, event.clientY - box.top - y * box.height)
    );
    const nearest = distances.indexOf(Math.min(...distances));
    if (nearest < 0 || distances[nearest] > REACH) return;
    event.preventDefault();
    pressed = null;
    take(nearest);
    held = nearest;
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (held !== null) move(held, ...place(event));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, () => {
      held = null;
    });
  }
  frame.addEventListener("keydown", (event) => {
    if (!buttons.length) return;
    const step = event.shiftKey ? 5 * STEP : STEP;
    const [x, y] = places[current];
    const moves = {
      ArrowLeft: [x - step, y],
      ArrowRight: [x + step, y],
      ArrowUp: [x, y - step],
      ArrowDown: [x, y + step],
    };
    if (event.key in moves) move(current, ...moves[event.key]);
    else if (event.key === "n" || event.key === "N") take((current + 1) % buttons.length);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own plans for these keys
  });

  // The clicks ------------------------------------------------------------------------------
  function showClickArea() {
    stage.dataset.clickArea = JSON.stringify(model.get("click_area"));
  }

  function isInside([x, y]) {
    const area = model.get("click_area"); // left, top, right, bottom; empty where none is wanted
    return area.length > 0 && area[0] <= x && x <= area[2] && area[1] <= y && y <= area[3];
  }

  frame.addEventListener("click", (event) => {
    const from = pressed;
    pressed = null;
    // A key pressed on a point makes a click too, and the end of a drag another.
    if (!from || Math.hypot(event.clientX - from[0], event.clientY - from[1]) > STILL) return;
    if (!isInside(place(event))) return;
    const [, , number = 0] = model.get("click"); // two clicks at one place are two
    model.set("click", [...place(event), number + 1]);
    model.save_changes();
  });
  frame.addEventListener("pointermove", (event) => {
    frame.classList.toggle("kf-clickable", held === null && isInside(place(event)));
  });

  // ------------------------------------------------------------------------------------------
  model.on("change:picture", showPicture);
  model.on("change:readout", showWords);
  model.on("change:error", showWords);
  model.on("change:handles", showHandles);
  model.on("change:click_area", showClickArea);
  showPicture();
  showWords();
  showHandles();
  showClickArea();

  const ratio = Math.min(window.devicePixelRatio || 1, model.get("sharpest"));
  if (ratio !== model.get("pixel_ratio")) {
    model.set("pixel_ratio", ratio);
    model.save_changes();
  }
  // Browsers leave a part that is out of sight alone, so what is to hold there too waits for a time,
  // not for a size: the stage is put into its view a little after it is made.
  const words = new MutationObserver(() => nameSliders(el.closest(".kf-view") ?? stage));
  const waiting = setInterval(() => {
    const view = el.closest(".kf-view");
    if (!view) return;
    clearInterval(waiting);
    view.addEventListener("focusin", holdShortcuts);
    view.addEventListener("keydown", holdKeys);
    words.observe(view, {
      attributeFilter: ["aria-valuetext"],
      characterData: true,
      childList: true,
      subtree: true,
    });
    nameSliders(view);
  }, 50);
  // Two panels need room; in a narrow column they stand one above the other.
  const room = new ResizeObserver(([entry]) => {
    const narrow = entry.contentRect.width > 0 && entry.contentRect.width < ROOM;
    if (narrow === model.get("narrow")) return;
    model.set("narrow", narrow);
    model.save_changes();
  });
  room.observe(stage);
  return () => {
    room.disconnect();
    words.disconnect();
    clearInterval(waiting);
    if (shown) URL.revokeObjectURL(shown);
  };
}

export default { render };

// A place for the learner's own file: a button to choose it, and room to drop it.
//
// The file goes to Python in one message. A notebook server closes the connection, without a word,
// when a message is larger than it takes; so a file that is too large is refused here.

function element(tag, className, parent) {
  const node = document.createElement(tag);
  node.className = className;
  parent.append(node);
  return node;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

function render({ model, el }) {
  el.classList.add("kf-upload-room");
  const place = element("div", "kf-upload", el);
  const label = element("label", "kf-upload-label", place);
  const words = element("span", "", label);
  const input = element("input", "kf-upload-input", label);
  const said = element("div", "kf-upload-said", place);
  words.textContent = "your own table (CSV), or drop it here";
  input.type = "file";
  said.setAttribute("role", "status");

  async function send(file) {
    if (!file) return;
    const most = model.get("most");
    if (file.size > most) {
      said.textContent =
        `${file.name} has ${megabytes(file.size)}, and through the page go at most ` +
        `${megabytes(most)}. Put the file beside the notebook and type its name into ` +
        `the field “or its path”.`;
      return;
    }
    said.textContent = `${file.name} is on its way.`;
    try {
      const content = await file.arrayBuffer();
      model.send({ name: file.name }, undefined, [content]);
    } catch (problem) {
      said.textContent = `${file.name} cannot be read by the browser: ${problem.message}`;
    }
  }

  input.addEventListener("change", async () => {
    await send(input.files[0]);
    input.value = ""; // the same file, mended, may come again
  });
  // A page that is not told otherwise opens what is dropped on it.
  for (const kind of ["dragenter", "dragover"]) {
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      event.stopPropagation();
      place.classList.add("kf-upload-over");
    });
  }
  place.addEventListener("dragleave", () => place.classList.remove("kf-upload-over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    place.classList.remove("kf-upload-over");
    send(event.dataTransfer.files[0]);
  });
  model.on("change:said", () => {
    said.textContent = model.get("said");
  });
}

export default { render };

"""Execute the lessons and store them clean: ``make notebooks``, or with ``LESSON=03`` one of them.

The pattern of a lesson, `docs/lesson.ipynb`, is stored with all of them.

What is stored is what a reader without a kernel sees: pictures and text. No widget view (it
shows an error where its kernel is gone), no timings, no paths, no versions in the metadata. A
picture that looks the same keeps its bytes, so that a second run changes nothing.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image, ImageChops

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
PATTERN = NOTEBOOKS.parent / "docs/lesson.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# How RISE shows a lesson as slides; `make slides` takes it from the notebook.
RISE = {
    "theme": "white",  # the usual one fetches fonts
    "width": 1280,
    "height": 720,
    "margin": 0,
    "minScale": 0.1,  # a small window shows a small slide, not a part of one
    "center": False,  # an output that comes moves nothing
    "transition": "none",
    "slideNumber": "c/t",
}
KEPT = ("tags", "slideshow", "alt")  # alt: what a picture shows, for whoever does not see it
UNSTABLE = re.compile(r"(?<!\w)(?:/home/|/root/|/tmp/|/Users/|[A-Z]:\\)\w+|\bat 0x[0-9a-f]{6,}")


def execute(book: NotebookNode, folder: Path) -> NotebookNode:
    """A copy of the notebook with fresh outputs; an error in a cell is raised."""
    fresh = nbformat.from_dict(book)
    client = NotebookClient(
        fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    # A progress bar appears when the machine is slow, and the last digit of a product depends on
    # the number of threads: nothing to store.
    client.execute(env={**os.environ, "TQDM_DISABLE": "1", "OPENBLAS_NUM_THREADS": "1"})
    return fresh


def clean(fresh: NotebookNode, stored: NotebookNode) -> NotebookNode:
    """The executed notebook as it is stored; pictures that look as before keep their bytes."""
    pictures = [
        output["data"]["image/png"]
        for cell in stored.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    fresh.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}, "rise": RISE}
    )
    for cell in fresh.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
        if cell.cell_type == "code":
            outputs = [part for output in cell.outputs for part in without_widget(output)]
            cell.outputs = [stable(output, pictures) for output in in_one_piece(outputs)]
    return fresh


def without_widget(output: NotebookNode) -> list[NotebookNode]:
    """A view as its picture and, below it, its words; any other output as it is."""
    data = output.get("data", {})
    if WIDGET not in data:
        return [output]
    parts = [
        nbformat.v4.new_output("display_data", data={kind: data[kind]})
        for kind in ("image/png", "text/plain")
        if kind in data
    ]
    if "image/png" in data and "text/plain" in data:
        parts[0].metadata = {"image/png": {"alt": data["text/plain"]}}
    return parts


def in_one_piece(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """What is printed in a row as one output: how it arrives in pieces depends on the moment."""
    whole: list[NotebookNode] = []
    for output in outputs:
        last = whole[-1] if whole else None
        if last and last.output_type == output.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def stable(output: NotebookNode, pictures: list[str]) -> NotebookNode:
    """The output without what changes from run to run; refuses what would break a later one."""
    if output.output_type == "stream" and output.name == "stderr":
        raise SystemExit(f"a cell writes to stderr:\n{output.text}")
    text = output.get("text", "") + "".join(
        str(value) for kind, value in output.get("data", {}).items() if kind.startswith("text/")
    )
    if found := UNSTABLE.search(text):
        raise SystemExit(f"an output contains {found.group()!r}, which differs elsewhere:\n{text}")
    if "data" in output:
        described = output.metadata.get("image/png", {}).get("alt")
        output.metadata = {"image/png": {"alt": described}} if described else {}
        if "image/png" in output.data:
            fresh = output.data["image/png"]
            output.data["image/png"] = next((p for p in pictures if same_picture(p, fresh)), fresh)
    return output


def same_picture(one: str, other: str) -> bool:
    """Whether two pictures, as base64 PNG, show the same pixels."""
    first, second = (
        Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA")
        for picture in (one, other)
    )
    return first.size == second.size and not ImageChops.difference(first, second).getbbox(
        alpha_only=False
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesson", nargs="?", default="", help="the number of a lesson, such as 03")
    lesson = parser.parse_args().lesson
    chosen = sorted(NOTEBOOKS.glob(f"{lesson}*.ipynb")) + ([] if lesson else [PATTERN])
    for path in chosen:
        before = path.read_text(encoding="utf-8")
        stored = nbformat.reads(before, as_version=4)
        book = clean(execute(stored, path.parent), stored)
        nbformat.validate(book)
        after = nbformat.writes(book).rstrip("\n") + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
        print(f"{path.name}: {'unchanged' if after == before else 'written'}")
    if not chosen:
        print("No lesson of that number in notebooks/.")
    return 0 if chosen else 1


if __name__ == "__main__":
    sys.exit(main())

"""How fast does a picture follow the hand? Key press to changed pixels, in a real browser.

Beside every slider of every view stand, pressed in turn with it in the same notebook:

- an empty widget: a slider whose callback writes its value into a label. Its time is the round
  trip that no view can undercut.
- ``interact`` with the same figure drawn afresh, which is how such notebooks are usually made.

The promise: at least 3 times faster than ``interact``; at most 3 times the empty widget.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from lab import SIZE, Lab, Notebook, browser  # noqa: E402

import tasks  # noqa: E402
from kernelfit import views  # noqa: E402

PRESSES = 30
PAUSE = 80  # milliseconds between two presses, so that nothing is still under way

SET_UP = """
%matplotlib inline
import ipywidgets
from IPython.display import display
from kernelfit import views

empty = ipywidgets.IntSlider(50, 0, 100)
echo = ipywidgets.Label("50")
empty.observe(lambda change: setattr(echo, "value", str(change["new"])), "value")
ipywidgets.VBox([empty, echo])
"""
VIEW = "view = views.ALL[{name!r}]()\nview"
INTERACT = """
def draw_afresh(value):
    figure = view.fresh_figure(**{{{control!r}: value}})
    display(figure)

original = view.controls[{control!r}]
copied = {{name: getattr(original, name) for name in ("min", "max", "step", "value")}}
ipywidgets.interact(draw_afresh, value=type(original)(**copied))
"""

# `arm` notes what is shown and waits for the key; `wait` gives the milliseconds from the key to
# the first frame that shows something else. A picture counts when it is loaded.
WATCH = """() => {
    window.kfShown = {
        label: (area) => area.querySelector(".widget-label:last-child")?.textContent,
        picture: (area) => {
            const image = area.querySelector("img");
            return image?.complete && image.naturalWidth ? image.src : null;
        },
    };
    window.kfArm = (area, what) => {
        const shown = () => window.kfShown[what](area);
        const before = shown();
        window.kfTime = new Promise((resolve) => {
            const onKey = () => {
                const start = performance.now();
                const look = () => {
                    const now = shown();
                    if (now && now !== before) resolve(performance.now() - start);
                    else if (performance.now() - start > 5000) resolve(null);
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);
            };
            window.addEventListener("keydown", onKey, { capture: true, once: true });
        });
    };
}"""


def sliders(name: str) -> list[str]:
    """The names of a view's sliders."""
    controls = views.ALL[name]().controls
    return [key for key, control in controls.items() if "Slider" in type(control).__name__]


def write_notebook(path: Path, name: str, control: str) -> None:
    """A notebook with the empty widget, the view and its ``interact``."""
    sources = [SET_UP, VIEW.format(name=name), INTERACT.format(control=control)]
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(book, path)


def measure(notebook: Notebook, index: int) -> dict[str, list[float]]:
    """Milliseconds from key to picture for the three ways, pressed in turn."""
    page = notebook.page
    page.evaluate(WATCH)
    areas = page.locator(".jp-Cell .jp-OutputArea-output:has(.jupyter-widgets)").all()
    ways = {
        "empty": (areas[0], 0, "label"),
        "view": (areas[1], index, "picture"),
        "interact": (areas[2], 0, "picture"),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for press in range(PRESSES + 2):
        for way, (area, slider, what) in ways.items():
            handle = area.locator(".noUi-handle, .ui-slider-handle").nth(slider)
            handle.focus()
            area.evaluate("(area, what) => window.kfArm(area, what)", what)
            page.keyboard.press("ArrowRight" if press % 2 == 0 else "ArrowLeft")
            time = page.evaluate("() => window.kfTime")
            if time is None:
                raise RuntimeError(f"{notebook.name}: {way} did not answer within 5 seconds")
            if press >= 2:  # the first two warm up
                times[way].append(time)
            page.wait_for_timeout(PAUSE)
    return times


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def row(name: str, control: str, times: dict[str, list[float]]) -> str:
    middle = {way: statistics.median(values) for way, values in times.items()}
    to_empty, to_interact = (
        middle["view"] / middle["empty"],
        middle["interact"] / middle["view"],
    )
    kept = "kept" if to_interact >= 3 and to_empty <= 3 else "NOT KEPT"
    cells: list[Any] = [f"{name}.{control}"]
    for way in ("view", "empty", "interact"):
        cells += [f"{middle[way]:.0f}", f"{p95(times[way]):.0f}"]
    cells += [f"{to_empty:.1f}", f"{to_interact:.1f}", kept]
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    path = tasks.find_browser()
    if path is None:
        print(tasks.NO_BROWSER)
        return 0
    only = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, browser(path) as chromium:
        packages = ("jupyterlab", "ipywidgets", "anywidget", "matplotlib")
        print(f"Python {platform.python_version()} on {platform.platform()}")
        print(f"Chromium {chromium.version},", ", ".join(f"{p} {version(p)}" for p in packages))
        print(f"Milliseconds from key press to changed pixels, {PRESSES} presses each.\n")
        print("| slider | view median | p95 | empty median | p95 | interact median | p95 "
              "| view / empty | interact / view | promise |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|---|---|")
        lessons, work = Path(folder) / "lessons", Path(folder) / "lab"
        lessons.mkdir()
        work.mkdir()
        lab = Lab(lessons, work)
        context = chromium.new_context(viewport=SIZE)
        try:
            for name in views.ALL:
                for index, control in enumerate(sliders(name)):
                    if only and name not in only:
                        continue
                    write_notebook(lessons / f"{name}-{control}.ipynb", name, control)
                    notebook = Notebook(lab, context.new_page(), f"{name}-{control}.ipynb")
                    notebook.open()
                    notebook.run_all()
                    print(row(name, control, measure(notebook, index)), flush=True)
                    notebook.close()
        finally:
            lab.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

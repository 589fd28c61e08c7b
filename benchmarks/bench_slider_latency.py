"""How fast a picture follows the hand: key press to changed pixels, in a real browser.

For every slider of every view, beside two others in the same run and press by press in turn:

- the round trip of an empty widget: a slider that writes its value beside itself;
- ``interact`` drawing the same figure afresh at each stop.

The fits of lessons 10 and 11 have 200 points or more.

The promise: at least 3 times faster than ``interact``, and for a view of one panel at most 3
times the round trip. All times are in milliseconds; p95 is the 95th percentile.

    python benchmarks/bench_slider_latency.py [VIEW ...] [--presses 20] [--pixel-ratio 2]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import ipywidgets
import nbformat
from playwright.sync_api import Browser, ElementHandle, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests/browser")]

from drive import PLACE, SLIDERS  # noqa: E402
from lab import SIZE, Lab, Notebook, browser  # noqa: E402
from machine import print_machine  # noqa: E402
from page import head, row, said  # noqa: E402

import tasks  # noqa: E402
from kernelfit import views  # noqa: E402

FASTER_THAN_INTERACT = 3.0
SLOWER_THAN_NOTHING = 3.0
PATIENCE = 5000  # milliseconds after which a change counts as missed
PAUSE = 120  # milliseconds between two presses: longer than a view waits with its slow part
ARGUMENTS = {
    "polynomial_by_kernel": {"n": 200},  # by itself it has 39 points
    "how_sure": {"readings": [(6.0, 4.0)]},  # without one the noise shows in words alone
}
SLIDER_TYPES = (
    ipywidgets.IntSlider,
    ipywidgets.FloatSlider,
    ipywidgets.FloatLogSlider,
    ipywidgets.SelectionSlider,
)

SET_UP = """
%matplotlib inline
import ipywidgets
from IPython.display import display
from kernelfit import views

def twin(name):
    control = view.controls[name]
    wanted = ("value", "min", "max", "step", "base", "options")
    return type(control)(**{key: getattr(control, key) for key in wanted if control.has_trait(key)})

view = views.ALL["VIEW"](**ARGUMENTS)
"""
EMPTY = """
slider, words = ipywidgets.IntSlider(value=50), ipywidgets.Label("50")
slider.observe(lambda change: setattr(words, "value", str(change["new"])), "value")
ipywidgets.VBox([slider, words])
"""
INTERACT = """
ipywidgets.interact(lambda value: display(view.fresh_figure(NAME=value)), value=twin("NAME"));
"""


@dataclass
class Timed:
    """One slider, the place where its change shows, and the times that were measured."""

    handle: ElementHandle
    place: ElementHandle
    is_picture: bool
    keys: tuple[str, str] = ("ArrowRight", "ArrowLeft")
    times: list[float] = field(default_factory=list)
    missed: int = 0

    def press(self, page: Page, turn: int) -> float | None:
        """Milliseconds from one key press to the change, there and back in turn."""
        self.handle.focus()
        page.wait_for_timeout(PAUSE)
        self.place.evaluate(
            "(place, [isPicture, time]) => window.kfTime(place, isPicture, time)",
            [self.is_picture, PATIENCE],
        )
        page.keyboard.press(self.keys[turn % 2])
        return page.evaluate("() => window.kfTimed")

    def warm_up(self, page: Page) -> None:
        """Move once there and back; start to the left where there is nothing to the right."""
        place = self.handle.evaluate(PLACE)
        self.handle.press(self.keys[0])
        if self.handle.evaluate(PLACE) == place:
            self.keys = self.keys[::-1]
            self.handle.press(self.keys[0])
        page.wait_for_timeout(PAUSE)
        self.press(page, 1)

    def time(self, page: Page, turn: int) -> None:
        """Press once and keep the time."""
        milliseconds = self.press(page, turn)
        if milliseconds is None:
            self.missed += 1
        else:
            self.times.append(milliseconds)

    @property
    def median(self) -> float:
        return statistics.median(self.times) if self.times else float("nan")

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(0.95 * len(self.times))] if self.times else float("nan")


def write_notebook(folder: Path, name: str, sliders: list[str]) -> str:
    """A notebook with the view, an empty widget, and one `interact` for each slider."""
    start = SET_UP.replace("VIEW", name).replace("ARGUMENTS", repr(ARGUMENTS.get(name, {})))
    cells = [start, "view", EMPTY]
    cells += [INTERACT.replace("NAME", slider) for slider in sliders]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(book, folder / f"{name}.ipynb")
    return f"{name}.ipynb"


def measure(lab: Lab, chromium: Browser, name: str, options: argparse.Namespace) -> bool:
    """Print one line for each slider of a view; whether the promise holds for all."""
    view = views.ALL[name](**ARGUMENTS.get(name, {}))
    sliders = [key for key, value in view.controls.items() if isinstance(value, SLIDER_TYPES)]
    panels = len(view.fresh_figure().axes)
    context = chromium.new_context(viewport=SIZE, device_scale_factor=options.pixel_ratio)
    notebook = Notebook(lab, context.new_page(), write_notebook(lab.folder, name, sliders))
    notebook.open()
    notebook.run_all()
    page = notebook.page
    outputs = [
        cell.query_selector(".jp-Cell-outputArea")
        for cell in page.query_selector_all(".jp-CodeCell")
    ]
    kept = True
    for index, slider in enumerate(sliders):
        _, shown, empty_area, *interacts = outputs
        stage = Timed(shown.query_selector_all(SLIDERS)[index], shown, True)
        labels = empty_area.query_selector_all(".widget-label")
        empty = Timed(empty_area.query_selector(SLIDERS), labels[-1], False)
        again = Timed(interacts[index].query_selector(SLIDERS), interacts[index], True)
        trio = (stage, empty, again)
        for one in trio:
            one.warm_up(page)
        for turn in range(options.presses):
            for one in trio:
                one.time(page, turn)
        to_empty, to_interact = stage.median / empty.median, again.median / stage.median
        good = to_interact >= FASTER_THAN_INTERACT
        if panels == 1:
            good = good and to_empty <= SLOWER_THAN_NOTHING
        kept = kept and good
        missed = sum(one.missed for one in trio)
        print(
            f"{name:<20} {slider:<14} {panels:>6} {stage.median:>7.1f} {stage.p95:>7.1f}"
            f" {empty.median:>7.1f} {to_empty:>6.2f} {again.median:>9.1f} {to_interact:>6.2f}"
            f"  {'kept' if good else 'BROKEN'}" + (f", {missed} presses missed" if missed else ""),
            flush=True,
        )
        times = (stage.median, stage.p95, again.median, to_interact, empty.median, to_empty)
        row(f"{name}: {slider}", f"{panels}", *(f"{value:.3g}" for value in times))
    for problem in notebook.problems():
        print(f"    {problem}")
    notebook.close()
    context.close()
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("views", nargs="*", metavar="VIEW", help=", ".join(views.ALL))
    parser.add_argument("--presses", type=int, default=20, help="of each slider (20)")
    parser.add_argument("--pixel-ratio", type=float, default=1.0, help="of the screen (1)")
    options = parser.parse_args()
    unknown = sorted(set(options.views) - set(views.ALL))
    if unknown:
        parser.error(f"no view is named {', '.join(unknown)}; there are {', '.join(views.ALL)}")
    path = tasks.find_browser()
    if path is None:
        print("No Chromium, Chrome or Edge found, so slider latency was not measured.")
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder, work = Path(temporary, "notebooks"), Path(temporary, "work")
        folder.mkdir()
        work.mkdir()
        with browser(path) as chromium:
            print_head(chromium)
            lab = Lab(folder, work)
            try:
                kept = [
                    measure(lab, chromium, name, options) for name in options.views or views.ALL
                ]
            finally:
                lab.stop()
    promise = (
        f"at least {FASTER_THAN_INTERACT:.0f} times faster than interact, and for a view of one "
    )
    said(f"{promise}panel at most {SLOWER_THAN_NOTHING:.0f} times an empty widget", all(kept))
    return 0 if all(kept) else 1


def print_head(chromium: Browser) -> None:
    """Where and with what it was measured, and the head of the table."""
    packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib")
    print_machine(*packages, Chromium=chromium.version)
    head("view: slider", "panels", "ms", "p95", "interact", "times", "empty widget", "times it")
    print(
        f"\n{'view':<20} {'slider':<14} {'panels':>6} {'median':>7} {'p95':>7}"
        f" {'empty':>7} {'ratio':>6} {'interact':>9} {'ratio':>6}"
    )


if __name__ == "__main__":
    sys.exit(main())

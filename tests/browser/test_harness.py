"""The browser tests themselves are tested: each kind of fault, put in on purpose, is reported."""

from __future__ import annotations

import re
from collections.abc import Callable

import nbformat
import pytest
from drive import View, complaints
from lab import Lab, Notebook, set_up_cell

pytestmark = pytest.mark.browser

# A sound view, and views with one fault each. All show a dot at the slider's value.
VIEWS = """
from dataclasses import dataclass
import ipywidgets
from matplotlib.lines import Line2D
from kernelfit.views.view import View

@dataclass
class Dot:
    dot: Line2D

class Sound(View):
    name = "sound"
    size = narrow_size = (3.0, 1.5)
    parts = ("where", "colour", "large", "point")
    start = {"height": 0.0}

    def __init__(self):
        controls = {
            "where": ipywidgets.IntSlider(value=3, min=0, max=9, description="where"),
            "colour": ipywidgets.Dropdown(options=["black", "red"], description="colour"),
            "large": ipywidgets.Checkbox(description="large"),
        }
        chosen = {name: control for name, control in controls.items() if name in self.parts}
        super().__init__(chosen, held=self.start)

    def compute(self, state):
        return {"where": 3, "colour": "black", "large": False} | state

    def build(self, figure, result):
        axes = figure.subplots()
        axes.set(xlim=(-1, 10), ylim=(-2, 2))
        return Dot(axes.plot([], [], "o")[0])

    def draw(self, moving, result):
        moving.dot.set_data([result["where"]], [result["height"]])
        moving.dot.set(color=result["colour"], markersize=20 if result["large"] else 10)

    def handles(self, moving, result):
        if "point" in self.parts:
            return moving.dot.axes, [[result["where"], result["height"]]]

    def dragged(self, index, x, y):
        self.held["height"] = round(y, 2)

    def describe(self, result):
        return f"a dot at {result['where']}, height {result['height']}"

class BrokenAtSecond(Sound):
    name, parts = "broken at its second stop", ("where",)

    def compute(self, state):
        if state["where"] == 1:
            raise ZeroDivisionError("no dot at 1")
        return super().compute(state)

class DeadStop(Sound):
    name, parts = "dead stop", ("where",)

    def compute(self, state):
        return super().compute({**state, "where": 1} if state["where"] == 2 else state)

class Stuck(Sound):
    name, parts = "stuck slider", ("where",)

    def __init__(self):
        super().__init__()
        self.controls["where"].disabled = True

class Jumping(Sound):
    name, parts = "jumping page", ("where",)

    def draw(self, moving, result):
        super().draw(moving, result)
        if result["where"] == 1 and self._scenery is not None:
            self.reset_button.layout.margin = "60px"

class DeadMenu(Sound):
    name, parts = "dead menu", ("colour",)

    def draw(self, moving, result):
        super().draw(moving, result | {"colour": "black"})

class DeadBox(Sound):
    name, parts = "dead box", ("large",)

    def draw(self, moving, result):
        super().draw(moving, result | {"large": False})

class DeadPoint(Sound):
    name, parts = "dead point", ("point",)

    def dragged(self, index, x, y):
        pass

class SilentPoint(Sound):
    name, parts = "silent point", ("point",)

    def describe(self, result):
        return "a dot somewhere"

class Clicked(Sound):
    name, parts = "clicked", ()
    start = {"dots": []}

    def draw(self, moving, result):
        moving.dot.set_data([x for x, _ in result["dots"]], [y for _, y in result["dots"]])

    def handles(self, moving, result):
        return (moving.dot.axes, result["dots"]) if result["dots"] else None

    def dragged(self, index, x, y):
        self.held["dots"] = [(x, y) if i == index else d for i, d in enumerate(self.held["dots"])]

    def clickable(self, moving):
        return moving.dot.axes

    def clicked(self, x, y):
        self.held["dots"] = [*self.held["dots"], (x, y)]

    def describe(self, result):
        return f"dots at {result['dots']}"

class DeadClick(Clicked):
    name = "dead click"

    def clicked(self, x, y):
        pass

class EndlessClick(Clicked):
    name = "endless click"

    def dragged(self, index, x, y):
        super().dragged(index, x, y)
        self.clicked(x - 1, 0)

class LongLabel(Sound):
    name, parts = "long label", ("where",)

    def __init__(self):
        super().__init__()
        self.controls["where"].description = "where the dot is"

class NoWayBack(Sound):
    name, parts = "no way back", ("large",)

    def reset(self):
        self.controls["large"].value = True
"""
REPORTS = {
    "sound": [],
    "broken at its second stop": [
        "slider where, ArrowRight to 1: it shows an error: ZeroDivisionError: no dot at 1"
    ],
    "dead stop": ["slider where, ArrowRight to 2: neither picture nor readout changed"],
    "stuck slider": ["slider where: the keyboard "],
    "jumping page": ["slider where, ArrowRight to 1: the page jumped by "],
    "dead menu": ["menu colour, red: neither picture nor readout changed"],
    "dead box": ["large: neither picture nor readout changed"] * 2,
    "dead point": [
        "the mouse cannot move its first point",
        "the arrow keys cannot move its first point",
    ],
    "silent point": [
        "the mouse moved a point and the readout did not change",
        "the arrow keys moved a point and the readout did not change",
    ],
    "clicked": [],
    "dead click": ["a click in its axes does not count"],
    "endless click": ["the end of a drag counts as a click"],
    "long label": ["the label 'where the dot is' is cut off"],
    "no way back": ["Reset does not bring back the picture of the start"],
}

# What goes wrong in a cell, in the page or with the network, and the line that must say so.
FAULTS = {
    "warning": ("import warnings; warnings.warn('odd cell')", "kernel: stderr: .*odd cell"),
    "picture-from-elsewhere": (
        "from IPython.display import HTML\nHTML('<img src=\"https://example.org/x.png\">')",
        "request: https://example.org/x.png",
    ),
    "call-that-nobody-sees": (
        "import socket\ntry: socket.create_connection(('example.org', 80))\nexcept OSError: pass",
        "kernel called: example.org",
    ),
    "error-in-the-page": (
        "from IPython.display import Javascript\n"
        "Javascript('setTimeout(() => { throw new Error(\"lost script\") })')",
        "page error: lost script",
    ),
    "error-on-the-console": (
        "from IPython.display import Javascript\nJavascript('console.error(\"odd script\")')",
        "console: odd script",
    ),
    "error-in-a-callback": (
        "import ipywidgets\nbox = ipywidgets.Checkbox()\n"
        "box.observe(lambda change: {}['nothing'], 'value')\nbox",
        "kernel: KeyError: 'nothing'",
    ),
    "error-in-a-cell": ("1 / 0", "kernel: ZeroDivisionError: division by zero"),
    "cell-that-did-not-run": ("2", "cell .* did not run"),
}


def write(lab: Lab, name: str, cells: list[str]) -> str:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(book, lab.folder / name)
    return name


@pytest.fixture(scope="module")
def stand_ins(lab: Lab, open_notebook: Callable[[str], Notebook]) -> Notebook:
    classes = re.findall(r"^class (\w+)\(\w+\):", VIEWS, re.M)
    cells = [set_up_cell(), VIEWS, *(f"view = {name}()\nview" for name in classes)]
    notebook = open_notebook(write(lab, "stand-ins.ipynb", cells))
    notebook.run_all()
    return notebook


@pytest.mark.parametrize("name", REPORTS)
def test_a_fault_of_a_view_is_reported(name: str, stand_ins: Notebook) -> None:
    assert stand_ins.problems() == []
    stage = stand_ins.page.locator(f".kf-stage[data-view='{name}']")
    problems = View(stage, patience=1.5).problems()
    assert len(problems) == len(REPORTS[name]), problems
    for problem, expected in zip(problems, REPORTS[name], strict=True):
        assert problem.startswith(f"view {name}: {expected}")
    # The error in the callback is also heard from the kernel.
    kernel = ["kernel: ZeroDivisionError: no dot at 1"] if name.startswith("broken") else []
    assert stand_ins.problems() == kernel


def test_a_picture_that_is_not_seen_and_other_words_are_reported(stand_ins: Notebook) -> None:
    stage = stand_ins.page.locator(".kf-stage[data-view='sound']")
    look = View(stage).look()
    assert list(complaints(look)) == []
    stage.locator("img").evaluate("picture => { picture.style.display = 'none'; }")
    assert "takes no room" in next(complaints(View(stage).look()))
    stage.locator("img").evaluate("picture => { picture.style.display = ''; picture.alt = 'x'; }")
    assert "alt text" in next(complaints(View(stage).look()))
    assert "readout is empty" in next(complaints(look | {"readout": "", "alt": ""}))


@pytest.fixture(scope="module")
def reported(lab: Lab, open_notebook: Callable[[str], Notebook]) -> list[str]:
    notebook = open_notebook(write(lab, "faults.ipynb", [cell for cell, _ in FAULTS.values()]))
    notebook.run_all()
    notebook.page.locator("input[type=checkbox]").press("Space")
    notebook.page.wait_for_function("() => window.kfErrors.some((e) => e.includes('KeyError'))")
    return notebook.problems()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_notebook_is_reported(fault: str, reported: list[str]) -> None:
    assert any(re.match(FAULTS[fault][1], line, re.S) for line in reported), reported

"""Lessons as slides: each fits on 1280 × 720, can be read from the back row, and live ones answer.

Two ways lead to slides. `make slides` writes pages of what is stored; here a browser opens all of
them. RISE shows a notebook live; here it shows the views of all lessons.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from accessibility import violations
from drive import ARROWS, SLIDERS, View
from lab import LOCAL, Lab, Notebook
from playwright.sync_api import BrowserContext, Frame, Page, Route

from tools import slides
from tools.notebooks import NOTEBOOKS, RISE

if "KERNELFIT_LESSONS" in os.environ:
    pytest.skip("slides are made of the lessons themselves", allow_module_level=True)

pytestmark = pytest.mark.browser

LESSONS = [
    pytest.param(path, id=f"lesson{path.name[:2]}") for path in sorted(NOTEBOOKS.glob("*.ipynb"))
]
PROJECTOR = {"width": RISE["width"], "height": RISE["height"]}
PROSE, CODE = 18, 15  # pixels: what the back row can read
DRIVEN = ["bell", "error_bowl"]  # of lessons 00 and 01
VIEWS = "views.ipynb"

# Every slide, whether it is on show or not: its size, its smallest letters, and what is cut off.
MEASURED = """() => [...document.querySelectorAll(".slides > section > section")].map((slide) => {
    const shown = [slide, slide.parentElement, ...slide.querySelectorAll(".fragment")];
    const before = shown.map((node) => node.style.cssText);
    for (const node of shown.slice(0, 2)) node.style.setProperty("display", "block", "important");
    const smallest = (places) => Math.min(...[...slide.querySelectorAll(places)]
        .filter((node) => node.offsetHeight && node.textContent.trim())
        .map((node) => parseFloat(getComputedStyle(node).fontSize)));
    const cut = [...slide.querySelectorAll(".jp-Cell *")].filter((node) => {
        const { overflowX, overflowY } = getComputedStyle(node);
        return node.clientWidth && !node.closest("mjx-container, select, textarea, .kf-frame") && (
            (node.scrollWidth > node.clientWidth + 1 && overflowX !== "visible")
            || (node.scrollHeight > node.clientHeight + 1 && overflowY !== "visible"));
    });
    const measured = {
        name: slide.querySelector(".jp-Cell").id || slide.id,
        size: [slide.scrollWidth, slide.scrollHeight],
        prose: smallest(".jp-RenderedHTMLCommon :is(p, li, td, th), .kf-readout"),
        code: smallest("pre, .cm-line"),
        cut: cut.map((node) => node.className),
    };
    shown.forEach((node, i) => (node.style.cssText = before[i]));
    return measured;
})"""


ALL_SHOWN = """.slides section, .slides .fragment {
    display: block !important;
    opacity: 1 !important;
    position: static !important;
    transform: none !important;
    visibility: visible !important;
}
.reveal, .reveal .slides {
    height: auto !important;
    overflow: visible !important;
    position: static !important;
}"""
EDGES = """(slides) => {
    const { left, right } = slides.getBoundingClientRect();
    return [left, right];
}"""


def faults(measured: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with slides, one line for each fault."""
    for slide in measured:
        width, height = slide["size"]
        if width > PROJECTOR["width"] or height > PROJECTOR["height"]:
            yield f"{slide['name']}: {width} × {height}"
        if slide["prose"] < PROSE or slide["code"] < CODE:
            yield f"{slide['name']}: letters of {slide['prose']} and {slide['code']} px"
        for part in slide["cut"]:
            yield f"{slide['name']}: not all of {part} is seen"


# As pages ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    """What the pages fetch, from what is installed: nothing is fetched here.

    MathJax is a package; reveal.js stands as it was in the source maps of RISE's own page.
    """
    found = {
        slides.MATHJAX: (folder_of("mathjax") / "static/mathjax/es5/tex-svg-full.js").read_text()
    }
    for path in (folder_of("jupyterlab_rise") / "static").glob("*.js.map"):
        text = path.read_text(encoding="utf-8")
        if "/reveal.js/" not in text:
            continue
        book = json.loads(text)
        for name, content in zip(book["sources"], book["sourcesContent"], strict=True):
            _, ours, inner = name.partition("/reveal.js/")
            if ours and inner.endswith(".css"):  # a style sheet within a script that brings it
                original = re.search(r'"sourcesContent":\[(".*?(?<!\\)")\]', content)
                content = json.loads(original.group(1)) if original else ""
            if ours:
                found[f"{slides.REVEAL}/{inner}"] = content
    return found


def folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"{package} is not installed"
    assert spec.origin is not None
    return Path(spec.origin).parent


@pytest.fixture
def page(context: BrowserContext, scripts: dict[str, str]) -> Iterator[Page]:
    """A page the size of a projector's picture, whose scripts come from what is installed."""

    def answer(route: Route) -> None:
        url = route.request.url
        if url not in scripts:
            return route.abort()
        kind = "text/css" if url.endswith(".css") else "text/javascript"
        headers = {"Access-Control-Allow-Origin": "*"}
        return route.fulfill(body=scripts[url], content_type=kind, headers=headers)

    one = context.new_page()
    one.set_viewport_size(PROJECTOR)
    one.route(re.compile("^https:"), answer)
    yield one
    one.close()


def test_the_pages_name_the_versions_that_are_tested(scripts: dict[str, str]) -> None:
    version = slides.REVEAL.rpartition("@")[2]
    assert f"reveal.js {version}\n" in scripts[f"{slides.REVEAL}/dist/reveal.esm.js"]
    installed = json.loads((folder_of("mathjax") / "static/mathjax/package.json").read_text())
    assert f"mathjax@{installed['version']}/" in slides.MATHJAX


@pytest.mark.parametrize("path", LESSONS)
def test_no_slide_of_a_page_is_larger_than_the_projector(
    path: Path, page: Page, tmp_path: Path
) -> None:
    book = nbformat.read(path, as_version=4)
    written = tmp_path / "lesson.html"
    written.write_text(slides.as_slides(book, path.stem), encoding="utf-8")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(written.as_uri())
    page.wait_for_function("() => window.Reveal?.isReady() && window.MathJax?.startup?.promise")
    page.evaluate("() => MathJax.startup.promise")
    assert errors == []
    assert page.locator("mjx-container").count() > 0
    assert page.locator("mjx-merror, [data-mml-node=merror]").count() == 0

    words = page.locator(".jp-RenderedImage img").evaluate_all("all => all.map((one) => one.alt)")
    assert all(len(alt) > 20 and "No description" not in alt for alt in words)

    measured = page.evaluate(MEASURED)
    roles = [cell.metadata.slideshow.slide_type for cell in book.cells]
    assert len(measured) == roles.count("slide") + roles.count("subslide")
    assert list(faults(measured)) == []
    # Neither too large nor, where the window is small, only in part.
    for size in (PROJECTOR, {"width": 800, "height": 600}):
        page.set_viewport_size(size)
        page.evaluate("() => Reveal.layout()")
        left, right = page.locator(".slides").evaluate(EDGES)
        assert left >= -1
        assert right <= size["width"] + 1


@pytest.mark.parametrize("path", LESSONS)
def test_a_page_of_slides_can_be_read_by_all(path: Path, page: Page, tmp_path: Path) -> None:
    whole = slides.as_slides(nbformat.read(path, as_version=4), path.stem)
    written = tmp_path / "lesson.html"
    written.write_text(re.sub(r'<script type="module">.*?</script>', "", whole, flags=re.DOTALL))
    page.goto(written.as_uri())  # without reveal.js all slides stand one below the other
    page.add_style_tag(content=ALL_SHOWN)
    assert violations(page, [".jp-Cell"], {})[0] == []


def test_a_slide_that_is_too_large_or_too_small_is_reported(page: Page, tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("# a\n" + "\n".join(f"- line {n} $x$" for n in range(40))),
        nbformat.v4.new_markdown_cell("<p style='font-size: 12px'>whisper</p>"),
        nbformat.v4.new_markdown_cell("<div style='width: 2000px'>wide</div>"),
    ]
    for cell in cells:
        cell.metadata = {"slideshow": {"slide_type": "slide"}}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"rise": RISE})
    written = tmp_path / "faults.html"
    written.write_text(slides.as_slides(nbformat.from_dict(book), "faults"), encoding="utf-8")
    page.goto(written.as_uri())
    page.wait_for_function("() => window.Reveal?.isReady()")
    found = list(faults(page.evaluate(MEASURED)))
    assert len(found) == 3, found
    assert "1280 × " in found[0]
    assert "letters of 12 " in found[1]
    assert re.search(r": 20\d\d × ", found[2])


# Live, by RISE ------------------------------------------------------------------------------------


class Slides:
    """RISE's page of a notebook: on which slide it is, and what it asked for elsewhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.elsewhere: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.add_init_script(path=Path(__file__).with_name("watch.js"))
        page.add_init_script("window.kfBusy = new Set()")  # no kernel is listened to here

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("blob", "data") and parts.hostname not in LOCAL:
            self.elsewhere.append(url)

    def open(self, url: str, stages: int) -> None:
        """Open it and wait until every view shows its picture."""
        self.page.goto(url)
        self.page.locator(".reveal .slides section.present").first.wait_for()
        self.page.wait_for_function(PICTURES, arg=stages)

    def go_to(self, view: str) -> View:
        """Show the slide of a view."""
        place = self.page.locator(f".kf-stage[data-view='{view}']").first.evaluate(
            "(stage) => stage.closest('section').id"
        )
        self.page.evaluate("(place) => { location.hash = `/${place}`; }", place)
        stage = self.page.locator(f"section.present .kf-stage[data-view='{view}']")
        stage.wait_for()
        self.page.wait_for_timeout(700)  # RISE selects the first cell of a slide a little later
        return View(stage)

    def shown(self) -> str:
        """Which slide is on show."""
        return self.page.locator("section.present > section.present").get_attribute("id") or ""


SHOWN = "section.present > section.present .kf-readout"
ANOTHER = "([place, before]) => document.querySelector(place).innerText !== before"
FILL = """readouts => readouts.map((readout) => {
    const words = readout.textContent;
    const most = readout.closest("[data-view=workbench]") ? 650 : 260;
    readout.textContent = "a line of 11 points; ".repeat(40).slice(0, most);
    return words;
})"""
BESIDE = """() => document.querySelector("iframe")?.contentDocument
    ?.querySelector("section.present .kf-stage img")?.naturalWidth"""
PICTURES = """(stages) => {
    const pictures = [...document.querySelectorAll(".kf-stage img")];
    return pictures.length === stages && pictures.every((picture) => picture.naturalWidth > 0);
}"""


@pytest.fixture(scope="module")
def in_lab(lab: Lab, open_notebook: Callable[[str], Notebook]) -> Notebook:
    """The cells that show views, of all lessons, run and saved in JupyterLab."""
    books = [nbformat.read(path.values[0], as_version=4) for path in LESSONS]
    cells = [cell for book in books for cell in book.cells if cell.id.startswith("view-")]
    cells = [books[0].cells[1], *(nbformat.v4.new_code_cell(cell.source) for cell in cells)]
    for cell, role in zip(cells, ["skip", "slide", *["subslide"] * len(cells)], strict=False):
        cell.metadata = {"slideshow": {"slide_type": role}}
    book = nbformat.v4.new_notebook(cells=cells, metadata=books[0].metadata)
    nbformat.write(book, lab.folder / VIEWS)
    shutil.copy(slides.STYLE, lab.folder)
    notebook = open_notebook(VIEWS)
    notebook.run_all()
    assert notebook.problems() == []
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    return notebook


@pytest.fixture(scope="module")
def live(lab: Lab, context: BrowserContext, in_lab: Notebook) -> Iterator[Slides]:
    """The same notebook in RISE, beside JupyterLab: what was run there answers here."""
    page = context.new_page()
    page.set_viewport_size(PROJECTOR)
    deck = Slides(page)
    deck.open(f"{lab.url}rise/{VIEWS}", in_lab.page.locator(".kf-stage").count())
    yield deck
    page.close()


def test_every_view_fits_on_its_slide_and_nothing_is_fetched_from_elsewhere(live: Slides) -> None:
    measured = live.page.evaluate(MEASURED)
    assert len(measured) == live.page.locator(".kf-stage").count() > 30
    assert list(faults(measured)) == []
    readouts = live.page.locator(".kf-readout")
    words = readouts.evaluate_all(FILL)  # however many a view comes to say
    filled = live.page.evaluate(MEASURED)
    readouts.evaluate_all(
        "(all, words) => all.forEach((one, i) => (one.textContent = words[i]))", words
    )
    assert list(faults(filled)) == []
    assert live.elsewhere == []


@pytest.mark.parametrize("view", DRIVEN)
def test_on_a_slide_a_view_answers_and_the_page_is_not_turned(view: str, live: Slides) -> None:
    shown = live.go_to(view)
    place = live.shown()
    assert shown.problems() == []
    assert live.shown() == place


def test_the_keys_of_a_slider_are_its_own_and_the_space_bar_goes_on(live: Slides) -> None:
    shown = live.go_to("error_bowl")
    place = live.shown()
    handle = shown.area.locator(SLIDERS).first
    for key in ["Home", "PageUp", *ARROWS, "PageDown", "End"]:
        handle.focus()
        before = shown.look()
        live.page.keyboard.press(key)
        assert shown.change(before) is not None, key
        assert live.shown() == place, key
    shown.reset_button.focus()
    live.page.keyboard.press("Space")
    shown.rest()
    assert live.shown() == place
    handle.focus()
    live.page.keyboard.press("Space")
    live.page.wait_for_timeout(300)
    assert live.shown() != place


@pytest.mark.parametrize("size", [(1920, 1080), (800, 600)])
def test_on_a_slide_of_another_size_the_mouse_meets_the_slider(
    size: tuple[int, int], live: Slides
) -> None:
    live.page.set_viewport_size({"width": size[0], "height": size[1]})
    shown = live.go_to("two_directions")
    handle, mouse = shown.area.locator(SLIDERS).first, live.page.mouse
    box = handle.bounding_box()
    assert box
    before = shown.look()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2, steps=4)
    mouse.up()
    assert shown.change(before) is not None
    after = handle.bounding_box()
    assert after
    assert abs(after["x"] - box["x"] - 40) < 15  # to the nearest stop
    live.page.set_viewport_size(PROJECTOR)


def test_alt_r_shows_the_slides_beside_a_dark_notebook(in_lab: Notebook) -> None:
    page = in_lab.page
    page.bring_to_front()
    in_lab.dark()
    page.evaluate(
        """() => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.activeCellIndex = 1;
            content.node.focus();
        }"""
    )
    page.keyboard.press("Alt+r")
    page.wait_for_function(BESIDE)
    frame = next(frame for frame in page.frames if "/rise/" in frame.url)
    assert colours(frame) == ["rgb(255, 255, 255)", True]
    readout = frame.locator(SHOWN)
    before = readout.inner_text()
    frame.locator("section.present > section.present .noUi-handle").first.press("ArrowRight")
    frame.wait_for_function(ANOTHER, arg=[SHOWN, before])
    # One kernel, so the notebook beside it shows the same.
    assert page.locator(".kf-readout").first.text_content() == readout.text_content()


def colours(frame: Frame) -> list[Any]:
    """The colour behind the slides, and whether the letters before it are dark."""
    found: list[Any] = frame.evaluate(
        """(place) => {
            const letters = getComputedStyle(document.querySelector(place));
            const parts = letters.color.match(/[\\d.]+/g).slice(0, 3).map(Number);
            return [getComputedStyle(document.body).backgroundColor, Math.max(...parts) < 100];
        }""",
        SHOWN,
    )
    return found

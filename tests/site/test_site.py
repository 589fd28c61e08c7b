"""The browser edition as a whole: what is in it, how fast it starts, and where its links lead."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median
from zipfile import ZipFile

import nbformat
import pytest
from drive import SLIDERS, View
from pages import Lesson, Site
from playwright.sync_api import BrowserContext
from pyodide_files import LOCK

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LESSON = "01_simple_regression.ipynb"
MB = 1e6


# First of all, while the browser's cache is empty.
@pytest.mark.browser
def test_the_first_picture(
    site: Site, context: BrowserContext, folder: Path, say: Callable[[str], None]
) -> None:
    promised = re.search(r"about (\d+) MB", (folder / "index.html").read_text(encoding="utf-8"))
    whole = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    say(f"the site has {whole / MB:.0f} MB")
    megabytes = []
    for cache in "empty", "full":
        begin = time.monotonic()
        lesson = Lesson(site, context.new_page(), LESSON)
        lesson.open()
        lesson.start()
        lesson.first_picture()
        seconds = time.monotonic() - begin
        megabytes.append(site.sent() / MB)
        say(f"first picture after {seconds:.1f} s and {megabytes[-1]:.1f} MB, the cache {cache}")
        lesson.finish()
        assert lesson.problems() == []
        lesson.close()
    assert promised is not None
    assert megabytes[0] == pytest.approx(float(promised[1]), rel=0.1)
    assert megabytes[1] < 1


@pytest.mark.browser
def test_who_reads_first_need_not_wait(
    open_lesson: Callable[[str], Lesson], say: Callable[[str], None]
) -> None:
    begin = time.monotonic()
    lesson = open_lesson(LESSON)
    loaded = lesson.ask("import sys; sorted({'kernelfit.views', 'sympy'} & {*sys.modules})")
    ready = time.monotonic()
    assert loaded == "['kernelfit.views', 'sympy']"
    assert lesson.ask("sorted({'_name', 'kernelfit', 'matplotlib', 'sympy'} & {*dir()})") == "[]"
    lesson.start()
    lesson.first_picture()
    wait = time.monotonic() - ready
    say(f"Python has loaded all after {ready - begin:.1f} s, and a picture then takes {wait:.1f} s")

    lesson.finish()
    view = View(lesson.page.locator(".kf-stage").first, patience=20)
    view.rest()
    view.area.locator(SLIDERS).first.focus()
    times = []
    for key in ["ArrowRight", "ArrowLeft"] * 5:
        view.stage.evaluate("(stage) => void window.kfTime(stage, true, 20_000)")
        lesson.page.keyboard.press(key)
        times.append(lesson.page.evaluate("() => window.kfTimed"))
        view.rest()
    assert None not in times
    say(f"from a key on a slider to its picture {median(times):.0f} ms")
    assert lesson.problems() == []


@pytest.mark.browser
def test_links_lead_on(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(site.url)
    links = page.locator("li a")
    assert links.evaluate_all("links => links.map((link) => link.getAttribute('href'))") == [
        f"notebooks/index.html?path={path.name}" for path in NOTEBOOKS
    ]
    links.first.click()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Which line is best?").first.click()
    popup.value.get_by_role("heading", name="01 · Which line is best?").wait_for()
    popup.value.wait_for_url(f"**/notebooks/index.html?path={LESSON}")
    for one in page, popup.value:
        one.close()
    assert site.calls_out() == []


def test_it_holds_these_lessons_and_this_package(folder: Path) -> None:
    for path in NOTEBOOKS:
        book = nbformat.read(path, as_version=4)
        there = (folder / "files" / path.name).read_text(encoding="utf-8")
        assert json.loads(there) == book, f"{path.name} is newer: make site"
    (wheel,) = folder.glob("wheels/kernelfit-*.whl")
    with ZipFile(wheel) as archive:
        for path in (ROOT / "kernelfit").rglob("*.*"):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix != ".pyc":
                assert archive.read(name) == path.read_bytes(), f"{name} is newer: make site"


def test_the_lock_file_knows_every_file(folder: Path) -> None:
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    theirs = json.loads(LOCK.read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        file = package["file_name"]
        if "://" in file:
            assert theirs["packages"][name]["sha256"] == package["sha256"]
            assert file.endswith("/full/" + theirs["packages"][name]["file_name"])
        else:
            assert sha256((folder / file).read_bytes()).hexdigest() == package["sha256"], file


def test_the_lock_file_it_is_made_of_is_pyodides(pyodide: Path) -> None:
    ours = json.loads(LOCK.read_text(encoding="utf-8"))
    theirs = json.loads((pyodide / LOCK.name).read_text(encoding="utf-8"))
    assert ours["info"] == theirs["info"]
    assert ours["packages"] == {name: theirs["packages"][name] for name in ours["packages"]}

"""What every lesson has in common, and what a stored lesson must not hold."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from kernelfit import views
from tools.notebooks import RISE, UNSTABLE, WIDGET, clean, same_picture

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
BOOKS = {path.name: nbformat.read(path, as_version=4) for path in sorted(FOLDER.glob("*.ipynb"))}
ALL = [pytest.param(name, id=f"lesson{name[:2]}") for name in BOOKS]
LESSONS = [param for param in ALL if param.id != "lesson00"]


def sources(name: str, kind: str) -> list[str]:
    return [cell.source for cell in BOOKS[name].cells if cell.cell_type == kind]


def words(prose: str) -> int:
    """Words of prose: formulas count as one, tables not at all."""
    text = re.sub(r"\$\$.*?\$\$|\$.*?\$", "x", prose, flags=re.S)
    return len([w for line in text.split("\n") if not line.startswith("|") for w in line.split()])


def test_there_are_lessons() -> None:
    assert list(BOOKS)[:3] == [
        "00_start_here.ipynb",
        "01_simple_regression.ipynb",
        "02_when_the_system_breaks.ipynb",
    ]


@pytest.mark.parametrize("name", ALL)
def test_cells_are_short(name: str) -> None:
    assert [s[:60] for s in sources(name, "markdown") if words(s) > 125] == []
    set_up, *rest = sources(name, "code")
    assert [s[:60] for s in rest if s.count("\n") > 15] == []


@pytest.mark.parametrize("name", ALL)
def test_the_set_up_cell_is_the_same_and_the_first(name: str) -> None:
    first = next(iter(BOOKS.values()))
    assert sources(name, "code")[0] == sources("00_start_here.ipynb", "code")[0]
    assert BOOKS[name].cells[1].cell_type == "code"
    assert first.cells[1].id == BOOKS[name].cells[1].id == "set-up"


@pytest.mark.parametrize("name", ALL)
def test_a_view_with_a_prediction_stands_within_the_first_four_cells(name: str) -> None:
    code = [cell for cell in BOOKS[name].cells[:4] if "views." in cell.source]
    assert code[-1].id.startswith("view-")
    assert "**Before you" in BOOKS[name].cells[2].source


@pytest.mark.parametrize("name", LESSONS)
def test_the_parts_of_a_lesson_are_there(name: str) -> None:
    prose = "\n".join(sources(name, "markdown"))
    assert re.search(r"^\*\d\d minutes · you need: .+ · slides? .+\*$", prose, re.M)
    for part in ("At the end of this lesson", "## What to leave behind", "## In three lines"):
        assert part in prose
    assert "**Next:**" in prose
    assert "**Further reading.**" in prose
    assert "kf.load(" in "\n".join(sources(name, "code"))
    exercises = re.findall(r"^\*\*Exercise (\d)\.\*\*", prose, re.M)
    assert exercises == [str(k) for k in range(1, len(exercises) + 1)]
    assert 3 <= len(exercises) <= 6


@pytest.mark.parametrize("name", LESSONS)
def test_exercise_n_is_checked_by_q_n(name: str) -> None:
    cells = BOOKS[name].cells
    asked = ""
    for cell in cells:
        if match := re.match(r"\*\*Exercise (\d)\.", cell.source):
            asked = match.group(1)
        if match := re.search(r"lesson(\d\d)\.q(\d)\.check", cell.source):
            assert match.group(1) == name[:2]
            assert match.group(2) == asked


@pytest.mark.parametrize("name", ALL)
def test_the_stored_lesson_is_executed_and_clean(name: str) -> None:
    book = BOOKS[name]
    assert set(book.metadata) == {"kernelspec", "language_info", "rise"}
    assert book.metadata.rise == RISE
    counts = [cell.execution_count for cell in book.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    for cell in book.cells:
        assert set(cell.metadata) <= {"tags", "slideshow", "alt"}
        for output in cell.get("outputs", []):
            assert output.output_type in ("stream", "display_data", "execute_result")
            assert output.get("name") != "stderr"
            assert WIDGET not in output.get("data", {})
            assert not UNSTABLE.search(str(output.get("text", "")) + str(output.get("data", "")))


@pytest.mark.parametrize("name", ALL)
def test_every_picture_and_column_has_words(name: str) -> None:
    for cell in BOOKS[name].cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                own = output.metadata.get("image/png", {}).get("alt", "")
                assert len(own or cell.metadata.get("alt", "")) > 20, cell.id
        if cell.cell_type == "markdown":
            heads = re.findall(r"^\|([^\n]*)\|\n\|[ :|-]+\|$", cell.source, re.MULTILINE)
            assert all(text.strip() for head in heads for text in head.split("|")), cell.id


def role(cell: nbformat.NotebookNode) -> str:
    """What the cell is on slides."""
    return str(cell.metadata.slideshow.slide_type)


@pytest.mark.parametrize("name", ALL)
def test_every_cell_has_a_role_on_slides(name: str) -> None:
    known = {"slide", "subslide", "fragment", "skip", "notes"}
    assert [cell.id for cell in BOOKS[name].cells if role(cell) not in known] == []


@pytest.mark.parametrize("name", ALL)
def test_the_roles_follow_the_lesson(name: str) -> None:
    for cell in BOOKS[name].cells:
        heading = cell.cell_type == "markdown" and re.search(r"^##? ", cell.source, re.M)
        assert (role(cell) == "slide") == bool(heading), cell.id
        # Nobody in the audience needs these, and who presents has run the first before.
        assert (role(cell) == "skip") == (cell.id in ("set-up", "progress")), cell.id
        assert (role(cell) == "notes") == (cell.id == "next"), cell.id
        # A view needs all the room, and what is asked is not seen beside what came before.
        if cell.id.startswith("view-") or cell.source.startswith("**Exercise"):
            assert role(cell) == "subslide", cell.id


@pytest.mark.parametrize("name", ALL)
def test_a_view_is_stored_as_its_picture_and_its_words(name: str) -> None:
    shown = [cell for cell in BOOKS[name].cells if cell.id.startswith("view-")]
    assert shown
    for cell in shown:
        kinds = [list(output.data) for output in cell.outputs]
        assert kinds == [["image/png"], ["text/plain"]], cell.id


def test_the_map_links_the_lessons_that_are_there_and_no_other() -> None:
    prose = "\n".join(sources("00_start_here.ipynb", "markdown"))
    rows = dict(re.findall(r"^\| (\d\d) \| (.+?) \|", prose, re.M))
    assert sorted(rows) == [f"{number:02d}" for number in range(1, 16)]
    for number, title in rows.items():
        there = [name for name in BOOKS if name.startswith(number)]
        assert re.findall(r"\]\((.+?)\)", title) == there
        if there:
            heading = BOOKS[there[0]].cells[0].source.split("\n")[0]
            assert heading == f"# {number} · {re.match(r'.(.+?)]', title).group(1)}"


@pytest.mark.parametrize("name", ALL)
def test_links_between_lessons_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+\.ipynb)\)", "\n".join(sources(name, "markdown"))):
        assert target in BOOKS


def test_every_view_is_used_in_a_lesson() -> None:
    code = "\n".join(s for name in BOOKS for s in sources(name, "code"))
    assert [name for name in views.ALL if f"views.{name}(" not in code] == []


@pytest.mark.parametrize("name", ALL)
def test_the_prose_keeps_its_voice(name: str) -> None:
    prose = "\n".join(sources(name, "markdown")).replace("$", " ")
    filler = r"\bsimply\b|\bobviously\b|\bdive in\b|\beasy to s|\bpowerful\b|\bjust\b(?! as)"
    assert re.findall(rf"{filler}|we will explore|As you can see|\w!(?=\s)", prose) == []


def test_cleaning_takes_out_the_widget_and_keeps_a_picture_that_looks_the_same() -> None:
    book = BOOKS["00_start_here.ipynb"]
    fresh = nbformat.from_dict(book)
    cell = next(cell for cell in fresh.cells if cell.id == "view-bell")
    picture = cell.outputs[0].data["image/png"]
    data = {WIDGET: {"model_id": "1"}, "image/png": picture, "text/plain": "words"}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    cell.metadata = {"execution": {"started": "now"}, "tags": ["a"]}
    again = clean(fresh, book)
    cell = next(cell for cell in again.cells if cell.id == "view-bell")
    assert [list(output.data) for output in cell.outputs] == [["image/png"], ["text/plain"]]
    assert cell.metadata == {"tags": ["a"]}
    assert cell.outputs[0].metadata == {"image/png": {"alt": "words"}}
    assert same_picture(cell.outputs[0].data["image/png"], picture)
    other = BOOKS["01_simple_regression.ipynb"]
    (stranger,) = [c.outputs[0].data["image/png"] for c in other.cells if c.id == "view-bowl"]
    assert not same_picture(stranger, picture)


@pytest.mark.parametrize("name", ALL)
def test_what_is_printed_in_a_row_is_stored_as_one_output(name: str) -> None:
    for cell in BOOKS[name].cells:
        kinds = [(o.output_type, o.get("name")) for o in cell.get("outputs", [])]
        assert ("stream", "stdout") not in [a for a, b in pairwise(kinds) if a == b], cell.id

"""Copies of the lessons: never overwritten, and `python -m kernelfit lessons` makes them."""

import json
import re

import pytest

import kernelfit as kf
from kernelfit import lessons
from kernelfit.__main__ import main
from kernelfit.lessons import copy_lessons, fresh_copy

NOTEBOOKS = lessons.shipped_lessons()
LESSON = "01_simple_regression.ipynb"
BESIDE = "01_simple_regression.new.ipynb"
OLD = "01_simple_regression.old.ipynb"


@pytest.fixture
def shelf(tmp_path):
    """A notebooks/ with one lesson, and where the learner's copies go."""
    source, target = tmp_path / "notebooks", tmp_path / "my-lessons"
    source.mkdir()
    (source / LESSON).write_text("first edition")
    return source, target


def test_a_lesson_is_copied_once(shelf):
    _, target = shelf
    assert copy_lessons(*shelf) == [f"Copied into my-lessons: {LESSON}."]
    assert (target / LESSON).read_text() == "first edition"
    assert copy_lessons(*shelf) == []


def test_an_unchanged_copy_is_updated(shelf):
    source, target = shelf
    copy_lessons(*shelf)
    (source / LESSON).write_text("second edition")
    assert copy_lessons(*shelf) == [f"Updated in my-lessons: {LESSON}."]
    assert (target / LESSON).read_text() == "second edition"
    assert not (target / BESIDE).exists()


def test_a_changed_copy_is_kept_without_a_word(shelf):
    _, target = shelf
    copy_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    assert copy_lessons(*shelf) == []
    assert (target / LESSON).read_text() == "my answers"
    assert not (target / BESIDE).exists()


def test_a_newer_lesson_goes_beside_a_changed_copy(shelf):
    source, target = shelf
    copy_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    (source / LESSON).write_text("second edition")
    (message,) = copy_lessons(*shelf)
    assert LESSON in message
    assert "stays as it is" in message
    assert BESIDE in message
    assert (target / LESSON).read_text() == "my answers"
    assert (target / BESIDE).read_text() == "second edition"
    assert copy_lessons(*shelf) == []

    (target / BESIDE).unlink()  # read and thrown away: it does not come back
    assert copy_lessons(*shelf) == []
    assert not (target / BESIDE).exists()


def test_a_changed_newer_lesson_is_not_overwritten_either(shelf):
    source, target = shelf
    copy_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    (source / LESSON).write_text("second edition")
    copy_lessons(*shelf)
    (target / BESIDE).write_text("my second answers")
    (source / LESSON).write_text("third edition")
    (message,) = copy_lessons(*shelf)
    assert "01_simple_regression.new2.ipynb" in message
    assert (target / LESSON).read_text() == "my answers"
    assert (target / BESIDE).read_text() == "my second answers"
    assert (target / "01_simple_regression.new2.ipynb").read_text() == "third edition"


def test_an_unchanged_newer_lesson_gives_way_to_a_still_newer_one(shelf):
    source, target = shelf
    copy_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    for edition in ("second edition", "third edition"):
        (source / LESSON).write_text(edition)
        copy_lessons(*shelf)
    assert (target / BESIDE).read_text() == "third edition"
    assert sorted(path.name for path in target.glob("*.ipynb")) == [LESSON, BESIDE]


def test_a_deleted_copy_comes_back(shelf):
    _, target = shelf
    copy_lessons(*shelf)
    (target / LESSON).unlink()
    copy_lessons(*shelf)
    assert (target / LESSON).read_text() == "first edition"


@pytest.mark.parametrize("manifest", [None, "{", "[]"], ids=["lost", "broken", "odd"])
def test_without_a_manifest_a_copy_that_differs_counts_as_changed(shelf, manifest):
    _, target = shelf
    copy_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    record = target / ".kernelfit-lessons.json"
    record.unlink() if manifest is None else record.write_text(manifest)
    (message,) = copy_lessons(*shelf)
    assert BESIDE in message
    assert (target / LESSON).read_text() == "my answers"


def test_a_copy_that_is_interrupted_is_made_whole_the_next_time(shelf, monkeypatch):
    _, target = shelf

    def full(path, content):
        path.write_bytes(content[:3])
        raise OSError("no space left on the disk")

    with monkeypatch.context() as patch:
        patch.setattr(lessons.Path, "replace", lambda path, target: full(path, b"half"))
        with pytest.raises(OSError, match="no space"):
            copy_lessons(*shelf)
    assert not (target / LESSON).exists()
    assert copy_lessons(*shelf) == [f"Copied into my-lessons: {LESSON}."]
    assert (target / LESSON).read_text() == "first edition"
    assert [path.name for path in target.glob("*.part")] == []


def test_how_slides_look_is_copied_too_and_nothing_else(shelf):
    source, target = shelf
    (source / "rise.css").write_text("body {}")
    (source / "notes.txt").write_text("mine")
    assert copy_lessons(*shelf) == [f"Copied into my-lessons: {LESSON}, rise.css."]
    (target / "rise.css").write_text("my colours")
    (source / "rise.css").write_text("body { margin: 0 }")
    (message,) = copy_lessons(*shelf)
    assert "rise.new.css" in message
    assert (target / "rise.css").read_text() == "my colours"
    assert not (target / "notes.txt").exists()


# A fresh copy


def test_a_fresh_copy_keeps_what_was_written(shelf):
    source, target = shelf
    copy_lessons(*shelf)
    for number, answers in enumerate(["my answers", "other answers"]):
        (target / LESSON).write_text(answers)
        kept = OLD if number == 0 else OLD.replace(".old.", ".old2.")
        assert f"kept as {kept}" in fresh_copy(source, target, "1")
        assert (target / LESSON).read_text() == "first edition"
        assert (target / kept).read_text() == answers
    (source / LESSON).write_text("second edition")
    assert copy_lessons(*shelf) == [f"Updated in my-lessons: {LESSON}."]


def test_what_is_as_it_was_shipped_is_left_alone(shelf):
    _, target = shelf
    copy_lessons(*shelf)
    assert "nothing to do" in fresh_copy(*shelf, "01")
    assert not (target / OLD).exists()


def test_a_lesson_that_was_thrown_away_is_fresh_without_an_old_one(shelf):
    _, target = shelf
    assert fresh_copy(*shelf, "01_simple_regression") == f"{LESSON} is fresh."
    assert (target / LESSON).read_text() == "first edition"
    assert json.loads((target / lessons.MANIFEST).read_text()).keys() == {LESSON}


@pytest.mark.parametrize("number", ["99", "lesson", "0", ""])
def test_a_lesson_that_is_not_there(shelf, number):
    with pytest.raises(kf.InputError, match=rf"there is no lesson {number}\. Lessons: 01\."):
        fresh_copy(*shelf, number)


# From the command line


def test_the_lessons_are_copied_once(tmp_path, capsys):
    folder = tmp_path / "a/b"
    assert main(["lessons", str(folder)]) == 0
    there = sorted(folder.glob("*.ipynb"))
    assert [path.name for path in there] == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    assert all(path.read_bytes() == (NOTEBOOKS / path.name).read_bytes() for path in there)
    assert "Copied into b: 00_start_here.ipynb, " in capsys.readouterr().out
    assert main(["lessons", str(folder)]) == 0
    assert "nothing to copy" in capsys.readouterr().out


def test_a_reset_from_the_command_line(tmp_path, capsys):
    main(["lessons", str(tmp_path)])
    (tmp_path / LESSON).write_text("my answers")
    assert main(["lessons", str(tmp_path), "--reset", "01"]) == 0
    assert (tmp_path / OLD).read_text() == "my answers"
    assert (tmp_path / LESSON).read_bytes() == (NOTEBOOKS / LESSON).read_bytes()
    assert main(["lessons", str(tmp_path), "--reset", "77"]) == 1
    assert "could not be copied: there is no lesson 77." in capsys.readouterr().err


def test_where_no_folder_can_be_made_a_line_says_so(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["lessons", str(tmp_path / "file")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert re.match(r"The lessons could not be copied: .*file.* Name a folder that can be", line)


def test_a_package_without_lessons_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lessons, "HERE", tmp_path)
    assert main(["lessons", str(tmp_path / "copies")]) == 1
    assert "carries no lessons: install the whole package" in capsys.readouterr().err
    assert not (tmp_path / "copies").exists()

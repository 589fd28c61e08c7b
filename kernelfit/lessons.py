"""Copies of the lessons for a learner to work on: made once, kept up to date, never overwritten."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kernelfit._checks import InputError

HERE = Path(__file__).resolve().parent
MANIFEST = ".kernelfit-lessons.json"
KINDS = (".ipynb", ".css")  # a lesson, and how its slides look


def shipped_lessons() -> Path:
    """The folder of the lessons: inside the installed package, or beside it in the source tree.

    Raises
    ------
    FileNotFoundError
        This kernelfit came without its lessons, as inside a notebook made for Colab.
    """
    for folder in (HERE / "notebooks", HERE.parent / "notebooks"):
        if (folder / "00_start_here.ipynb").exists():
            return folder
    raise FileNotFoundError(
        f"the kernelfit in {HERE} carries no lessons: install the whole package, or work in a "
        "clone of the project"
    )


def copy_lessons(source: Path, target: Path) -> list[str]:
    """Copy the lessons that are new or newer; return what there is to say about it.

    The manifest holds, for each file, the hash of what was last delivered under its name. A copy
    whose hash differs was changed by the learner and is never written to: a newer edition of that
    lesson goes beside it.

    Parameters
    ----------
    source : the folder of the lessons.
    target : the learner's folder; made when it is not there.

    Returns
    -------
    list of str
        Sentences for the learner, none when nothing was done.
    """
    target.mkdir(parents=True, exist_ok=True)
    delivered = read_manifest(target)
    copied: list[str] = []
    updated: list[str] = []
    messages: list[str] = []
    for lesson in sorted(path for path in source.iterdir() if path.suffix in KINDS):
        content = lesson.read_bytes()
        shipped = digest(content)
        copy = target / lesson.name
        present = digest(copy.read_bytes()) if copy.exists() else None
        if present == shipped or (present and delivered.get(lesson.name) == shipped):
            pass  # the learner has this edition, changed or not
        elif present is None or present == delivered.get(lesson.name):
            write(copy, content)
            (updated if present else copied).append(lesson.name)
        else:
            beside = free_name(copy, "new", delivered)
            write(beside, content)
            delivered[beside.name] = shipped
            messages.append(
                f"You have changed {copy.name}, so it stays as it is. The lesson has become "
                f"newer: it is beside yours, as {beside.name}."
            )
        delivered[lesson.name] = shipped
    write_manifest(target, delivered)
    for what, names in ("Copied into", copied), ("Updated in", updated):
        if names:
            messages.insert(0, f"{what} {target.name}: {', '.join(names)}.")
    return messages


def fresh_copy(source: Path, target: Path, number: str) -> str:
    """Put a lesson back as it was shipped and keep the learner's own under another name.

    Parameters
    ----------
    source, target : as in `copy_lessons`.
    number : the lesson's number, such as 03.

    Returns
    -------
    str
        A sentence that says where the learner's own copy now is.

    Raises
    ------
    InputError
        There is no lesson of that number.
    """
    lesson = find_lesson(source, number)
    content = lesson.read_bytes()
    copy = target / lesson.name
    if copy.exists() and copy.read_bytes() == content:
        return f"{copy.name} is as it was shipped: there is nothing to do."
    target.mkdir(parents=True, exist_ok=True)
    delivered = read_manifest(target)
    kept = free_name(copy, "old", {})
    said = f"{copy.name} is fresh."
    if copy.exists():
        copy.rename(kept)
        said += (
            f" What you had written is kept as {kept.name}. Where {copy.name} is open, close it "
            "without saving and open it again."
        )
    write(copy, content)
    delivered[lesson.name] = digest(content)
    write_manifest(target, delivered)
    return said


def find_lesson(source: Path, number: str) -> Path:
    """The lesson that 3, 03 or 03_multiple_regression names.

    Raises
    ------
    InputError
        There is none of that number.
    """
    known = {path.name[:2]: path for path in sorted(source.glob("[0-9][0-9]_*.ipynb"))}
    found = known.get(number.split("_")[0].zfill(2))
    if found is None:
        raise InputError(f"there is no lesson {number}. Lessons: {', '.join(known) or 'none yet'}.")
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: half a lesson would be taken for a changed one."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def digest(content: bytes) -> str:
    """A hash that tells whether a lesson was changed."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(target: Path) -> dict[str, str]:
    """What was last delivered under each name; nothing when that is lost or not to be read."""
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def write_manifest(target: Path, delivered: dict[str, str]) -> None:
    """Note what was delivered."""
    write(target / MANIFEST, json.dumps(delivered, indent=1, sort_keys=True).encode())


def free_name(copy: Path, kind: str, delivered: dict[str, str]) -> Path:
    """A name beside a lesson under which nothing of the learner's own lies."""
    path, number = copy.with_suffix(f".{kind}{copy.suffix}"), 1
    while path.exists() and digest(path.read_bytes()) != delivered.get(path.name):
        number += 1
        path = copy.with_suffix(f".{kind}{number}{copy.suffix}")
    return path

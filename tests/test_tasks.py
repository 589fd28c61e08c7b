"""What tasks.py promises: each task does what its line says, and a wrong word gets a sentence."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tasks

ROOT = Path(tasks.__file__).parent


# The Python that starts it


def test_an_old_python_can_read_the_file():
    for name in ("tasks.py", "tools/environment.py", "tools/wheelhouse.py"):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 7, 16), (3, 10), (3, 15, 0), (2, 7)])
def test_a_wrong_python_gets_one_line(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setitem(tasks.TASKS, "lab", lambda arguments: 0)
    with pytest.raises(SystemExit) as stop:
        tasks.main(["lab"])
    line = stop.value.code
    assert "\n" not in line
    for part in ("3.11 to 3.14", f"{version[0]}.{version[1]}", "make lab PYTHON=", "py -3.12"):
        assert part in line


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 9)])
def test_a_right_python_gets_none(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    tasks.require_python("lab")


def test_colab_ends_where_its_numpy_ends(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    monkeypatch.setattr(tasks, "prepare", lambda *arguments: None)
    with pytest.raises(SystemExit, match=r"3\.11 to 3\.13.*make test-colab PYTHON="):
        tasks.main(["test-colab"])


def test_an_unknown_task_is_refused_with_the_known_ones():
    with pytest.raises(SystemExit, match=r"no task `tests`\. Tasks: lab, reset, wheelhouse"):
        tasks.main(["tests"])


def test_help_lists_every_task(capsys):
    assert tasks.main([]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name}" in printed for name in tasks.TASKS)


# JupyterLab


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project, and what its tasks prepared and ran."""
    done = []

    def prepare(folder, files, *options, offline=False):
        done.append((folder, *files, *options, *(["offline"] if offline else [])))
        return tmp_path / folder / "bin/python"

    def run(command):
        done.append([str(word) for word in command[1:]])
        if "lessons" in command:  # it copies them
            command[-1].mkdir()
            (command[-1] / "00_start_here.ipynb").write_text("welcome")
        return 0

    monkeypatch.setattr(tasks, "ROOT", tmp_path)
    monkeypatch.setattr(tasks, "prepare", prepare)
    monkeypatch.setattr(tasks, "run", run)
    return tmp_path, done


@pytest.fixture
def started(project, monkeypatch):
    """The command and the folder with which JupyterLab is started."""
    root, _ = project
    seen = {}

    def start(*arguments):
        seen["command"] = [str(word) for word in arguments[-1]]
        seen["folder"] = Path.cwd()
        return 0

    monkeypatch.chdir(root)
    monkeypatch.setattr(tasks.os, "execv", start)
    monkeypatch.setattr(tasks.subprocess, "call", start)
    monkeypatch.setattr(tasks.signal, "signal", lambda *arguments: None)
    return root, seen


@pytest.mark.parametrize("dashes", [[], ["--"]])
def test_lab_opens_the_copies_and_passes_options_on(started, project, dashes):
    root, seen = started
    _, done = project
    tasks.lab([*dashes, "--no-browser", "--port", "8899"])
    assert done == [
        (".venv", "requirements.txt"),
        ["-m", "kernelfit", "lessons", str(root / "my-lessons")],
    ]
    assert seen["folder"] == root / "my-lessons"
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in seen["command"]
    assert seen["command"][-3:] == ["--no-browser", "--port", "8899"]
    assert "--" not in seen["command"]


def test_lab_offline_says_so_to_the_set_up_alone(started, project):
    _, done = project
    tasks.lab(["--offline"])
    assert done[0] == (".venv", "requirements.txt", "offline")
    assert "--offline" not in started[1]["command"]


def test_lab_asks_no_questions_about_news(started):
    root, _ = started
    tasks.lab([])
    overrides = json.loads((root / ".venv/share/jupyter/lab/settings/overrides.json").read_text())
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_lab_for_authors_opens_the_lessons_themselves(started):
    root, seen = started
    (root / "notebooks").mkdir()
    tasks.lab(["--edit"])
    assert seen["folder"] == root / "notebooks"
    assert "--edit" not in seen["command"]
    assert not (root / "my-lessons").exists()


def test_lab_does_not_start_where_the_lessons_could_not_be_copied(started, monkeypatch):
    _, seen = started
    monkeypatch.setattr(tasks, "run", lambda command: 1)
    assert tasks.lab([]) == 1
    assert not seen


def test_reset_asks_for_a_fresh_copy(project, monkeypatch):
    root, done = project
    monkeypatch.setattr(tasks, "run", lambda command: done.append(command[1:]) or 0)
    assert tasks.reset(["03"]) == 0
    assert done[1:] == [["-m", "kernelfit", "lessons", root / "my-lessons", "--reset", "03"]]
    with pytest.raises(SystemExit, match=r"Which lesson\? `make reset LESSON=03`"):
        tasks.reset([])


# Tests


@pytest.fixture
def parts(project, monkeypatch):
    """The words of each call of pytest, and what each is made to answer."""
    root, _ = project
    (root / "notebooks").mkdir()
    for name in ("01_simple_regression", "03_multiple_regression"):
        (root / f"notebooks/{name}.ipynb").write_text("")
    calls = []

    def run(command, env):
        words = [str(word) for word in command]
        calls.append(words)
        results = next(word for word in words if word.startswith("--junitxml=")).split("=")[1]
        code, suite = answers.get("browser" if "tests/browser" in words else "", (0, ""))
        suite = suite or '<testsuite tests="5" failures="0" errors="0" skipped="2"/>'
        if suite != "none":
            Path(results).write_text(f"<testsuites>{suite}</testsuites>")
        return code

    answers = {}
    monkeypatch.setattr(tasks, "prepare", lambda folder, files, *options: Path("python"))
    monkeypatch.setattr(tasks, "run", run)
    monkeypatch.setattr(tasks, "find_browser", lambda: "/bin/chromium")
    monkeypatch.delenv("KERNELFIT_REQUIRE_BROWSER", raising=False)
    return calls, answers


def test_all_parts_are_run_and_added_up(parts, capsys):
    calls, _ = parts
    assert tasks.test([]) == 0
    unit, lessons, browser = calls
    assert {"tests", "--ignore=tests/browser"} <= set(unit)
    assert "--nbval" in lessons
    assert lessons[-1].endswith("03_multiple_regression.ipynb")
    assert browser[-3:] == ["tests/browser", "-m", "browser"]
    assert capsys.readouterr().out.endswith("\n9 passed, 0 failed\n")


def test_one_lesson(parts):
    calls, _ = parts
    tasks.test(["03"])
    unit, lessons, browser = calls
    assert unit[-2:] == browser[-2:] == ["-k", "lesson03 or 03_"]
    assert [word for word in lessons if word.endswith(".ipynb")] == [lessons[-1]]
    assert lessons[-1].endswith("03_multiple_regression.ipynb")


@pytest.mark.parametrize("text", ["3", "03", "03_multiple_regression"])
def test_a_lesson_is_known_by_its_number(parts, text):
    assert tasks.lesson_number(text) == "03"


@pytest.mark.parametrize("task", ["slides", "notebooks"])
def test_what_is_written_for_one_lesson_knows_it_by_its_number_too(project, task):
    root, done = project
    (root / "notebooks").mkdir()
    (root / "notebooks/03_multiple_regression.ipynb").write_text("")
    assert tasks.TASKS[task](["3"]) == 0
    assert done[-1] == ["-m", f"tools.{task}", "03"]
    with pytest.raises(SystemExit, match="There is no lesson 4"):
        tasks.TASKS[task](["4"])


@pytest.mark.parametrize("text", ["99", "lesson", "0"])
def test_a_lesson_that_is_not_there(parts, text):
    with pytest.raises(SystemExit, match=rf"There is no lesson {text}\. Lessons: 01, 03\."):
        tasks.test([text])


@pytest.mark.parametrize(
    ("code", "suite", "last"),
    [
        (1, '<testsuite tests="5" failures="2" errors="1" skipped="0"/>', "8 passed, 3 failed"),
        (2, "none", "6 passed, 1 failed"),
        (3, '<testsuite tests="0" failures="0" errors="0" skipped="0"/>', "6 passed, 1 failed"),
    ],
    ids=["failures", "crashed before the report", "internal error"],
)
def test_a_part_that_fails_fails_the_whole(parts, capsys, code, suite, last):
    calls, answers = parts
    answers["browser"] = (code, suite)
    assert tasks.test([]) == 1
    assert len(calls) == 3
    assert capsys.readouterr().out.endswith(f"\n{last}\n")


def test_nothing_selected_is_no_failure(parts):
    _, answers = parts
    answers["browser"] = (5, '<testsuite tests="0" failures="0" errors="0" skipped="0"/>')
    assert tasks.test(["01"]) == 0


def test_without_a_browser_one_line_says_what_was_left_out(parts, monkeypatch, capsys):
    calls, _ = parts
    monkeypatch.setattr(tasks, "find_browser", lambda: None)
    assert tasks.test([]) == 0
    assert len(calls) == 2
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Chromium" in line]
    for part in ("tests/browser were left out", "apt install chromium", "KERNELFIT_BROWSER"):
        assert part in line


def test_a_required_browser_that_is_missing_fails(parts, monkeypatch, capsys):
    monkeypatch.setattr(tasks, "find_browser", lambda: None)
    monkeypatch.setenv("KERNELFIT_REQUIRE_BROWSER", "1")
    assert tasks.test([]) == 1
    assert capsys.readouterr().out.endswith("\n6 passed, 1 failed\n")


def test_before_there_are_lessons(parts, capsys):
    for path in (tasks.ROOT / "notebooks").iterdir():
        path.unlink()
    assert tasks.test([]) == 0
    assert "lessons: none yet" in capsys.readouterr().out


def test_the_browser_that_is_named_is_the_only_choice(monkeypatch):
    monkeypatch.setenv("KERNELFIT_BROWSER", sys.executable)
    assert tasks.find_browser() == sys.executable
    monkeypatch.setenv("KERNELFIT_BROWSER", "no-such-browser")
    assert tasks.find_browser() is None


def test_a_browser_is_found_on_the_path(monkeypatch):
    monkeypatch.delenv("KERNELFIT_BROWSER", raising=False)
    there = {"google-chrome": "/bin/google-chrome", "msedge": "/bin/msedge"}
    monkeypatch.setattr(tasks.shutil, "which", there.get)
    assert tasks.find_browser() == "/bin/google-chrome"
    there.clear()
    assert tasks.find_browser() is None


# From outside


def test_make_hands_everything_on():
    make = tasks.shutil.which("make")
    if not make:
        pytest.skip("make is not here")
    words = ["lab", "test", "reset", "colab", "LESSON=03", "EDIT=1", "OFFLINE=1", "REPO=ada/fit"]
    words = ["--dry-run", *words, "ARGS=--port 8899", "PYTHON=py"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    printed = subprocess.check_output([make, *words], cwd=ROOT, env=bare, text=True)
    assert [" ".join(line.split()) for line in printed.splitlines()] == [
        "py tasks.py lab --edit --offline --port 8899",
        "py tasks.py test 03 --port 8899",
        "py tasks.py reset 03 --port 8899",
        "py tasks.py colab ada/fit --port 8899",
    ]


def test_every_task_is_a_target_of_make():
    makefile = (ROOT / "Makefile").read_text()
    targets = makefile.split(".PHONY:")[1].splitlines()[0].split()
    assert set(targets) == {"help", *tasks.TASKS}

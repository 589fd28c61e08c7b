"""What tasks.py promises: lessons are never overwritten, a set-up is done once and repaired."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tasks

ROOT = Path(tasks.__file__).parent
LESSON = "01_simple_regression.ipynb"
BESIDE = "01_simple_regression.new.ipynb"


@pytest.fixture
def shelf(tmp_path):
    """A notebooks/ with one lesson, and where the learner's copies go."""
    source, target = tmp_path / "notebooks", tmp_path / "my-lessons"
    source.mkdir()
    (source / LESSON).write_text("first edition")
    return source, target


# Lessons


def test_a_lesson_is_copied_once(shelf):
    _, target = shelf
    assert tasks.deliver_lessons(*shelf) == [f"Copied into my-lessons: {LESSON}."]
    assert (target / LESSON).read_text() == "first edition"
    assert tasks.deliver_lessons(*shelf) == []


def test_an_unchanged_copy_is_updated(shelf):
    source, target = shelf
    tasks.deliver_lessons(*shelf)
    (source / LESSON).write_text("second edition")
    assert tasks.deliver_lessons(*shelf) == [f"Updated in my-lessons: {LESSON}."]
    assert (target / LESSON).read_text() == "second edition"
    assert not (target / BESIDE).exists()


def test_a_changed_copy_is_kept_without_a_word(shelf):
    _, target = shelf
    tasks.deliver_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    assert tasks.deliver_lessons(*shelf) == []
    assert (target / LESSON).read_text() == "my answers"
    assert not (target / BESIDE).exists()


def test_a_newer_lesson_goes_beside_a_changed_copy(shelf):
    source, target = shelf
    tasks.deliver_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    (source / LESSON).write_text("second edition")
    (message,) = tasks.deliver_lessons(*shelf)
    assert LESSON in message
    assert "stays as it is" in message
    assert BESIDE in message
    assert (target / LESSON).read_text() == "my answers"
    assert (target / BESIDE).read_text() == "second edition"
    assert tasks.deliver_lessons(*shelf) == []

    (target / BESIDE).unlink()  # read and thrown away: it does not come back
    assert tasks.deliver_lessons(*shelf) == []
    assert not (target / BESIDE).exists()


def test_a_changed_newer_lesson_is_not_overwritten_either(shelf):
    source, target = shelf
    tasks.deliver_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    (source / LESSON).write_text("second edition")
    tasks.deliver_lessons(*shelf)
    (target / BESIDE).write_text("my second answers")
    (source / LESSON).write_text("third edition")
    (message,) = tasks.deliver_lessons(*shelf)
    assert "01_simple_regression.new2.ipynb" in message
    assert (target / LESSON).read_text() == "my answers"
    assert (target / BESIDE).read_text() == "my second answers"
    assert (target / "01_simple_regression.new2.ipynb").read_text() == "third edition"


def test_an_unchanged_newer_lesson_gives_way_to_a_still_newer_one(shelf):
    source, target = shelf
    tasks.deliver_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    for edition in ("second edition", "third edition"):
        (source / LESSON).write_text(edition)
        tasks.deliver_lessons(*shelf)
    assert (target / BESIDE).read_text() == "third edition"
    assert sorted(path.name for path in target.glob("*.ipynb")) == [LESSON, BESIDE]


def test_a_deleted_copy_comes_back(shelf):
    _, target = shelf
    tasks.deliver_lessons(*shelf)
    (target / LESSON).unlink()
    tasks.deliver_lessons(*shelf)
    assert (target / LESSON).read_text() == "first edition"


@pytest.mark.parametrize("manifest", [None, "{"], ids=["lost", "broken"])
def test_without_a_manifest_a_copy_that_differs_counts_as_changed(shelf, manifest):
    _, target = shelf
    tasks.deliver_lessons(*shelf)
    (target / LESSON).write_text("my answers")
    record = target / ".kernelfit-lessons.json"
    record.unlink() if manifest is None else record.write_text(manifest)
    (message,) = tasks.deliver_lessons(*shelf)
    assert BESIDE in message
    assert (target / LESSON).read_text() == "my answers"


def test_no_lessons_yet(tmp_path):
    assert tasks.deliver_lessons(tmp_path / "notebooks", tmp_path / "my-lessons") == []


# The Python that starts it


def test_an_old_python_can_read_the_file():
    ast.parse((ROOT / "tasks.py").read_text(encoding="utf-8"), feature_version=(3, 7))


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
    with pytest.raises(SystemExit, match=r"no task `tests`\. Tasks: lab, test, check"):
        tasks.main(["tests"])


def test_help_lists_every_task(capsys):
    assert tasks.main([]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name}" in printed for name in tasks.TASKS)


# The set-up


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose environment is an empty folder, and a record of what was installed in it."""
    (tmp_path / "tests").mkdir()
    for name in tasks.DEVELOPER:
        (tmp_path / name).write_text("numpy==2.4.6\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "kernelfit"\n[tool.ruff]\n')
    done = []

    def create(folder, uv):
        done.append("venv")
        python = tasks.python_in(folder)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("")

    def install(python, uv, what):
        done.append(what[1])
        return 0

    here = "{}.{}".format(*sys.version_info[:2])
    monkeypatch.setattr(tasks, "ROOT", tmp_path)
    monkeypatch.setattr(tasks, "create", create)
    monkeypatch.setattr(tasks, "install", install)
    monkeypatch.setattr(tasks, "run", lambda command: 0)
    monkeypatch.setattr(tasks, "find_uv", list)
    monkeypatch.setattr(tasks, "output_of", lambda c: here if Path(c[0]).exists() else "")
    return tmp_path, done


def set_up(done, files=tasks.LEARNER):
    """What a call of prepare does."""
    done.clear()
    tasks.prepare(".venv", files)
    return list(done)


def test_a_second_call_installs_nothing(project):
    _, done = project
    assert set_up(done) == ["venv", "requirements.txt"]
    assert set_up(done) == []


def test_a_developer_gets_what_is_missing_and_a_learner_needs_no_more(project):
    _, done = project
    set_up(done)
    assert set_up(done, tasks.DEVELOPER) == ["tests/requirements.txt"]
    assert set_up(done) == []
    assert set_up(done, tasks.DEVELOPER) == []


def test_a_changed_file_is_installed(project):
    root, done = project
    set_up(done, tasks.DEVELOPER)
    (root / "requirements.txt").write_text("numpy==2.4.7\n")
    assert set_up(done, tasks.DEVELOPER) == ["requirements.txt"]
    (root / "pyproject.toml").write_text('[project]\nname = "kernel-fit"\n[tool.ruff]\n')
    assert set_up(done, tasks.DEVELOPER) == tasks.DEVELOPER


def test_the_settings_of_a_linter_install_nothing(project):
    root, done = project
    set_up(done)
    (root / "pyproject.toml").write_text('[project]\nname = "kernelfit"\n[tool.mypy]\n')
    assert set_up(done) == []


def test_an_interrupted_set_up_is_begun_anew(project, monkeypatch, capsys):
    root, done = project

    def interrupted(python, uv, what):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            tasks.prepare(".venv", tasks.LEARNER)
    (root / ".venv/half").write_text("of a package")
    assert set_up(done) == ["venv", "requirements.txt"]
    assert not (root / ".venv/half").exists()
    assert "interrupted: making .venv anew" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "repair"), [(1, []), (-9, ["venv"])], ids=["refused", "killed"])
def test_a_refused_installation_leaves_the_environment_in_use(project, monkeypatch, code, repair):
    root, done = project
    set_up(done)
    (root / "requirements.txt").write_text("numpy==2.4.7\n")
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "install", lambda python, uv, what: code)
        with pytest.raises(SystemExit, match="network"):
            tasks.prepare(".venv", tasks.LEARNER)
    assert set_up(done) == [*repair, "requirements.txt"]


def test_a_broken_environment_is_made_anew(project, capsys):
    root, done = project
    set_up(done)
    tasks.python_in(root / ".venv").unlink()
    assert set_up(done) == ["venv", "requirements.txt"]
    assert "Its Python does not start: making .venv anew" in capsys.readouterr().out


def test_an_environment_of_another_python_is_kept_with_a_line(project, monkeypatch, capsys):
    _, done = project
    set_up(done)
    here = "{}.{}".format(*sys.version_info[:2])
    other = (3, 12) if sys.version_info[:2] != (3, 12) else (3, 13)
    monkeypatch.setattr(sys, "version_info", other)
    assert set_up(done) == []
    assert f"has Python {here} and is kept" in capsys.readouterr().out


def test_pip_when_uv_is_not_wanted_or_does_not_start(monkeypatch):
    monkeypatch.delenv("KERNELFIT_NO_UV", raising=False)
    monkeypatch.setattr(tasks, "output_of", lambda command: "")
    assert tasks.find_uv() == []
    monkeypatch.setattr(tasks, "output_of", lambda command: "uv 1.0" if len(command) > 2 else "")
    assert tasks.find_uv() == [sys.executable, "-m", "uv"]
    monkeypatch.setattr(tasks, "output_of", lambda command: "uv 1.0")
    assert tasks.find_uv() == ["uv"]
    monkeypatch.setenv("KERNELFIT_NO_UV", "1")
    assert tasks.find_uv() == []


# JupyterLab


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
def test_lab_opens_the_copies_and_passes_options_on(started, dashes):
    root, seen = started
    (root / "notebooks").mkdir()
    (root / "notebooks/00_start_here.ipynb").write_text("welcome")
    tasks.lab([*dashes, "--no-browser", "--port", "8899"])
    assert seen["folder"] == root / "my-lessons"
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in seen["command"]
    assert seen["command"][-3:] == ["--no-browser", "--port", "8899"]
    assert "--" not in seen["command"]


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


def test_lab_before_there_are_lessons(started):
    root, seen = started
    tasks.lab([])
    assert seen["folder"] == root / "my-lessons"
    assert not any("00_start_here" in word for word in seen["command"])


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
    words = ["--dry-run", "lab", "test", "LESSON=03", "EDIT=1", "ARGS=--port 8899", "PYTHON=py"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    printed = subprocess.check_output([make, *words], cwd=ROOT, env=bare, text=True)
    assert printed.splitlines() == [
        "py tasks.py lab --edit --port 8899",
        "py tasks.py test 03 --port 8899",
    ]


def test_every_task_is_a_target_of_make():
    makefile = (ROOT / "Makefile").read_text()
    targets = makefile.split(".PHONY:")[1].splitlines()[0].split()
    assert set(targets) == {"help", *tasks.TASKS}

"""Every task of this project, in Python's standard library alone.

`make lab` on Linux and macOS and `py tasks.py lab` on Windows do the same. Each task first sets up
what it needs in `.venv`: with uv when it is there, with pip otherwise (KERNELFIT_NO_UV=1 insists on
pip). A second call installs nothing. This file must parse on an old Python, to say so politely.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 14)
NEWEST_COLAB = (3, 13)  # numpy 2.1.3, which Colab has, was never built for a later Python
LEARNER = ["requirements.txt"]
DEVELOPER = ["requirements.txt", "tests/requirements.txt"]
COLAB = ["tests/requirements-colab.txt"]
UNFINISHED = "unfinished"
NO_BROWSER = (
    "No Chromium, Chrome or Edge found: the tests in tests/browser were left out. Install one "
    "(Debian: apt install chromium, macOS: brew install --cask chromium), or name it in "
    "KERNELFIT_BROWSER."
)


def say(text: str) -> None:
    """Print at once, so that the line stands before the output of the program started next."""
    print(text, flush=True)


def run(command: list, **options) -> int:
    """Run a program in the project's folder and return its exit code."""
    return subprocess.call([str(word) for word in command], cwd=str(ROOT), **options)


# The environment ------------------------------------------------------------------------------


def dotted(version: tuple) -> str:
    """3.12 for (3, 12, 1, ...)."""
    return "{}.{}".format(*version[:2])


def wrong_python(version: tuple, task: str, newest: tuple = NEWEST) -> str:
    """Say what is wrong with this Python in one line; empty when nothing is."""
    if OLDEST <= tuple(version[:2]) <= newest:
        return ""
    return (
        f"This needs Python {dotted(OLDEST)} to {dotted(newest)} and was started with "
        f"{dotted(version)}. Choose another: `make {task} PYTHON=python3.12`, "
        f"on Windows `py -3.12 tasks.py {task}`."
    )


def find_uv() -> list:
    """How to call uv; empty when it is absent, does not start or is not wanted."""
    if os.environ.get("KERNELFIT_NO_UV"):
        return []
    on_path = shutil.which("uv")
    candidates = [[on_path]] if on_path else []
    if importlib.util.find_spec("uv"):
        candidates.append([sys.executable, "-m", "uv"])
    return next((uv for uv in candidates if output_of([*uv, "--version"])), [])


def output_of(command: list) -> str:
    """What a program prints; empty when it cannot be started or fails."""
    try:
        return subprocess.run(
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def python_in(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_of(folder: Path, requirements: str) -> Path:
    """The file that says which state of the requirements is installed."""
    return folder / (requirements.replace("/", "-") + ".installed")


def fingerprint(requirements: str, python_version: str) -> str:
    """A hash of all that decides what an installation contains."""
    import tomllib  # from Python 3.11

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project.pop("tool", None)  # the settings of linters change nothing that is installed
    parts = [(ROOT / requirements).read_text(encoding="utf-8"), project, python_version, str(ROOT)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read(path: Path) -> str:
    """The text of a file; empty when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def prepare(folder_name: str, requirement_files: list, *options: str) -> Path:
    """Make a virtual environment, or complete it; return its Python.

    A stamp for each requirement file says what is installed. It says `unfinished` from before the
    first step until after the last, so that an interrupted set-up is seen and begun anew.
    """
    folder = ROOT / folder_name
    python = python_in(folder)
    stamps = {name: stamp_of(folder, name) for name in requirement_files}
    version = output_of([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    reason = ""
    if any(read(stamp) == UNFINISHED for stamp in stamps.values()):
        reason = "Its set-up was interrupted"
    elif folder.exists() and not version:
        reason = "Its Python does not start"
    elif version and wrong_python(tuple(map(int, version.split("."))), "lab"):
        reason = f"It has Python {version}"
    if reason:
        say(f"{reason}: making {folder_name} anew.")
        try:
            shutil.rmtree(str(folder))
        except OSError as error:
            raise SystemExit(
                f"Could not remove {folder_name}: {error}. Close what uses it (JupyterLab, a "
                "terminal where it is active) and try again."
            ) from None
    elif version and version != dotted(sys.version_info):
        say(f"{folder_name} has Python {version} and is kept; to change it, delete the folder.")
    uv: list | None = None
    for name, stamp in stamps.items():
        before = read(stamp)
        if version and before == fingerprint(name, version):
            continue
        uv = find_uv() if uv is None else uv
        folder.mkdir(exist_ok=True)
        stamp.write_text(UNFINISHED, encoding="utf-8")
        if not python.exists():
            create(folder, uv)
            version = dotted(sys.version_info)
        say(f"Installing {name} into {folder_name} with {'uv' if uv else 'pip'} ...")
        failure = install(python, uv, ["-r", name, *options])
        if failure:
            if failure > 0:  # refused rather than killed: what was installed is as it was
                stamp.write_text(before, encoding="utf-8")
            raise SystemExit(
                f"Installing {name} failed; the reason stands above. Is there a network? "
                f"When it fails again, delete the folder {folder_name} and try once more."
            )
        stamp.write_text(fingerprint(name, version), encoding="utf-8")
    return python


def create(folder: Path, uv: list) -> None:
    """Make an empty virtual environment from the Python that runs this file."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    if uv:
        failure = run([*uv, "venv", "--quiet", "--allow-existing", "--python", base, folder])
    else:
        failure = run([base, "-m", "venv", folder])
    if failure:
        raise SystemExit(f"Could not make {folder.name}; the reason stands above.")


def install(python: Path, uv: list, what: list) -> int:
    """Install with uv or pip; return the exit code."""
    if uv:
        return run([*uv, "pip", "install", "--python", python, "--compile-bytecode", *what])
    if not output_of([python, "-m", "pip", "--version"]):  # uv makes environments without pip
        run([python, "-m", "ensurepip"])
    return run([python, "-m", "pip", "install", "--disable-pip-version-check", *what])


# The lessons ----------------------------------------------------------------------------------


def digest(content: bytes) -> str:
    """A hash that tells whether a lesson was changed."""
    return hashlib.sha256(content).hexdigest()


def deliver_lessons(source: Path, target: Path) -> list:
    """Copy lessons for the learner to work on; return what there is to say.

    The manifest holds, for each file, the hash of what was last delivered under its name. A copy
    whose hash differs was changed by the learner and is never written to.
    """
    target.mkdir(exist_ok=True)
    manifest_file = target / ".kernelfit-lessons.json"
    try:
        delivered = json.loads(read(manifest_file) or "{}")
    except ValueError:
        delivered = {}
    copied, updated, messages = [], [], []
    for lesson in sorted(source.glob("*.ipynb")):
        content = lesson.read_bytes()
        shipped = digest(content)
        copy = target / lesson.name
        present = digest(copy.read_bytes()) if copy.exists() else None
        if present == shipped or (present and delivered.get(lesson.name) == shipped):
            pass  # the learner has this version, changed or not
        elif present is None or present == delivered.get(lesson.name):
            copy.write_bytes(content)
            (updated if present else copied).append(lesson.name)
        else:
            beside = free_name(copy, delivered)
            beside.write_bytes(content)
            delivered[beside.name] = shipped
            messages.append(
                f"You have changed {copy.name}, so it stays as it is. The lesson has become "
                f"newer: it is beside yours, as {beside.name}."
            )
        delivered[lesson.name] = shipped
    manifest_file.write_text(json.dumps(delivered, indent=1, sort_keys=True), encoding="utf-8")
    if copied:
        messages.insert(0, f"Copied into {target.name}: {', '.join(copied)}.")
    if updated:
        messages.insert(0, f"Updated in {target.name}: {', '.join(updated)}.")
    return messages


def free_name(copy: Path, delivered: dict) -> Path:
    """Where a newer lesson can lie beside a changed one without overwriting the learner's work."""
    number = 1
    while True:
        path = copy.with_name("{}.new{}.ipynb".format(copy.stem, number if number > 1 else ""))
        if not path.exists() or digest(path.read_bytes()) == delivered.get(path.name):
            return path
        number += 1


def lab(arguments: list) -> int:
    """Open the lessons in JupyterLab; --edit (make: EDIT=1) opens notebooks/ itself."""
    python = prepare(".venv", LEARNER)
    folder = ROOT / ("notebooks" if "--edit" in arguments else "my-lessons")
    if folder.name == "my-lessons":
        for message in deliver_lessons(ROOT / "notebooks", folder):
            say(message)
    folder.mkdir(exist_ok=True)
    turn_off_news(python.parent.parent)
    command = [str(python), "-m", "jupyterlab"]
    if (folder / "00_start_here.ipynb").exists():
        command.append("00_start_here.ipynb")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; JupyterLab asks for it
        command.append("--allow-root")
    command += [word for word in arguments if word not in ("--", "--edit")]
    os.chdir(str(folder))
    if os.name == "nt":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # JupyterLab itself answers Ctrl-C
        return subprocess.call(command)
    return os.execv(command[0], command)


def turn_off_news(environment: Path) -> None:
    """Set our JupyterLab not to ask about news; a setting of the learner's own goes first."""
    settings = environment / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    name = "@jupyterlab/apputils-extension:notification"
    overrides = {name: {"fetchNews": "false", "checkForUpdates": False}}
    (settings / "overrides.json").write_text(json.dumps(overrides), encoding="utf-8")


# Checks and tests -----------------------------------------------------------------------------


def find_browser() -> str | None:
    """The path of a Chromium, Chrome or Edge; KERNELFIT_BROWSER, when set, is the only choice."""
    chosen = os.environ.get("KERNELFIT_BROWSER")
    if chosen:
        return shutil.which(chosen)
    names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]
    if sys.platform == "darwin":
        for name in ("Chromium", "Google Chrome", "Microsoft Edge"):
            names.append(f"/Applications/{name}.app/Contents/MacOS/{name}")
    if os.name == "nt":
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
            for name in (r"Google\Chrome\Application\chrome", r"Microsoft\Edge\Application\msedge"):
                names.append(os.path.join(os.environ.get(variable, "C:\\"), name + ".exe"))
    return next(filter(None, map(shutil.which, names)), None)


def lint(arguments: list) -> int:
    """Check style, format and types."""
    python = prepare(".venv", DEVELOPER)
    commands = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
    return max([run([python, "-m", *command]) != 0 for command in commands])


def check(arguments: list) -> int:
    """Lint, and the tests that are fast."""
    failure = lint([])
    python = prepare(".venv", DEVELOPER)
    fast = ["tests", "-m", "not browser and not slow", *arguments]
    return summary([pytest(python, "fast tests", fast)]) or failure


def test(arguments: list) -> int:
    """Run all tests, or those of one lesson (make: LESSON=03)."""
    lesson, pick = "", arguments
    if arguments and not arguments[0].startswith("-"):
        lesson = lesson_number(arguments[0])
        pick = ["-k", f"lesson{lesson} or {lesson}_", *arguments[1:]]
    python = prepare(".venv", DEVELOPER)
    unit = pytest(python, "unit tests", ["tests", "-m", "not browser", *pick])
    return summary([unit, run_lessons(python, lesson), run_browser(python, pick)])


def test_colab(arguments: list) -> int:
    """Run the lessons and their views on Colab's versions."""
    problem = wrong_python(sys.version_info, "test-colab", NEWEST_COLAB)
    if problem:
        raise SystemExit(problem)
    python = prepare(".venv-colab", COLAB, "--no-deps")
    return summary([run_lessons(python, ""), run_browser(python, arguments)])


def lesson_number(text: str) -> str:
    """03 for 3, 03 or 03_multiple_regression; refuse what names no lesson."""
    known = sorted(path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb"))
    number = text.split("_")[0].zfill(2)
    if number not in known:
        raise SystemExit(f"There is no lesson {text}. Lessons: {', '.join(known) or 'none yet'}.")
    return number


def run_lessons(python: Path, lesson: str) -> tuple:
    """Every cell's stored text must equal what it prints now."""
    notebooks = sorted((ROOT / "notebooks").glob(lesson + "*.ipynb"))
    if not notebooks:
        return 0, 0, "lessons: none yet"
    return pytest(python, "lessons", ["--nbval", "--nbval-current-env", *notebooks])


def run_browser(python: Path, arguments: list) -> tuple:
    """Drive real JupyterLab in a real browser, or say that none was found."""
    if find_browser():
        return pytest(python, "browser", ["tests/browser", "-m", "browser", *arguments])
    return 0, int(os.environ.get("KERNELFIT_REQUIRE_BROWSER", "0") not in ("", "0")), NO_BROWSER


def pytest(python: Path, name: str, words: list) -> tuple:
    """Run one part of the tests: how many passed, how many failed, and a line about it."""
    say(f"\n== {name} ==")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        environment = dict(
            os.environ,
            IPYTHONDIR=str(Path(folder) / "ipython"),  # no start-up files of the user's own
            PYDEVD_DISABLE_FILE_VALIDATION="1",  # no debugger's warning among the outputs
        )
        command = [python, "-m", "pytest", "--durations=10", f"--junitxml={results}", *words]
        code = run(command, env=environment)
        passed, failed = count(results)
    if code not in (0, 5):  # 5: nothing was selected, which is no failure here
        failed = max(failed, 1)
    line = f"{name}: {passed} passed, {failed} failed in {time.monotonic() - start:.0f} s"
    return passed, failed, line


def count(results: Path) -> tuple:
    """Passed and failed tests in pytest's JUnit file."""
    passed = failed = 0
    if results.exists():
        for suite in ElementTree.parse(str(results)).getroot().iter("testsuite"):
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            failed += bad
            passed += max(int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0)), 0)
    return passed, failed


def summary(parts: list) -> int:
    """Print a line for each part, then the sum alone on the last line; return the exit code."""
    passed, failed, lines = zip(*parts)
    say("\n" + "\n".join(lines))
    say(f"{sum(passed)} passed, {sum(failed)} failed")
    return int(sum(failed) > 0)


# For authors ----------------------------------------------------------------------------------


def notebooks(arguments: list) -> int:
    """Execute the lessons and store them clean; one lesson by its number."""
    return run([prepare(".venv", DEVELOPER), "tools/notebooks.py", *arguments])


def bench(arguments: list) -> int:
    """Run the benchmarks."""
    python = prepare(".venv", DEVELOPER)
    failure = 0
    for script in sorted((ROOT / "benchmarks").glob("bench_*.py")):
        say(f"\n== {script.name} ==")
        failure = run([python, script, *arguments]) or failure
    return failure


def lock(arguments: list) -> int:
    """Write the requirement files anew from pyproject.toml; --upgrade takes the newest versions."""
    learner = resolve(["pyproject.toml", "--extra", "lab", *arguments], read(ROOT / LEARNER[0]))
    write_lock(LEARNER[0], [*learner, "-e ."])
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder) / "same.txt"
        same.write_text("\n".join(learner), encoding="utf-8")
        words = ["pyproject.toml", "--extra", "test", "--extra", "bench", "-c", same, *arguments]
        developer = resolve(words, read(ROOT / DEVELOPER[1]))
    write_lock(DEVELOPER[1], [line for line in developer if line not in learner])
    words = ["tests/constraints-colab.txt", *arguments]
    # JupyterLab 3.6 asks for these to let people write together; y-py has no wheel for 3.13.
    for package in ("jupyter-server-ydoc", "jupyter-server-fileid", "jupyter-ydoc", "y-py"):
        words += ["--no-emit-package", package]
    write_lock(COLAB[0], [*resolve(words, read(ROOT / COLAB[0])), "-e ."])
    return 0


def resolve(words: list, now: str) -> list:
    """The exact version of every package, those of now where they will do."""
    uv = find_uv()
    if not uv:
        raise SystemExit("This needs uv: `pip install uv`, then again.")
    words = [*words, "--universal", "--python-version", dotted(OLDEST), "--fork-strategy", "fewest"]
    words += ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.txt"
        draft.write_text(now.replace("-e .", ""), encoding="utf-8")
        if run([*uv, "pip", "compile", *words, "-o", draft], stdout=subprocess.DEVNULL):
            raise SystemExit("The versions could not be resolved; the reason stands above.")
        return read(draft).splitlines()


def write_lock(name: str, lines: list) -> None:
    """Write one requirement file."""
    heading = "# Exact versions, written by `python tasks.py lock`; do not edit."
    (ROOT / name).write_bytes("\n".join([heading, *lines, ""]).encode())
    say(f"{name}: {len(lines)} packages")


TASKS = {
    "lab": lab,
    "test": test,
    "check": check,
    "lint": lint,
    "notebooks": notebooks,
    "bench": bench,
    "test-colab": test_colab,
    "lock": lock,
}


def main(arguments: list) -> int:
    """Do the task that the first word names; without a word, list them."""
    task = arguments[0] if arguments else "help"
    if task in ("help", "-h", "--help"):
        for name, function in TASKS.items():
            say(f"{name:<12}{function.__doc__.splitlines()[0]}")
        return 0
    if task not in TASKS:
        raise SystemExit(f"There is no task `{task}`. Tasks: {', '.join(TASKS)}.")
    problem = wrong_python(sys.version_info, task)
    if problem:
        raise SystemExit(problem)
    try:
        return TASKS[task](arguments[1:])
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every task of this project, in Python's standard library alone.

`make lab` on Linux and macOS and `py tasks.py lab` on Windows do the same. Each task first sets up
what it needs in `.venv` (tools/environment.py); a second call installs nothing. This file must
parse on an old Python, to say so politely.
"""

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

from tools import wheelhouse as wheels
from tools.environment import (
    COLAB,
    DEVELOPER,
    LEARNER,
    OLDEST,
    ROOT,
    SITE,
    dotted,
    find_uv,
    prepare,
    read,
    require_python,
    run,
    say,
)

NEWEST_COLAB = (3, 13)  # numpy 2.1.3, which Colab has, was never built for a later Python
SPREAD = ["-n", "2", "--dist"]  # over two processes
APART = ("browser", "package", "site")  # folders of tests/ with tasks or parts of their own
UNIT = ["tests", *(f"--ignore=tests/{name}" for name in APART), *SPREAD, "worksteal"]
UNIT += ["-p", "no:nbval"]  # it takes seconds to load
NO_BROWSER = (
    "No Chromium, Chrome or Edge found: the tests in tests/browser were left out. Install one "
    "(Debian: apt install chromium, macOS: brew install --cask chromium), or name it in "
    "KERNELFIT_BROWSER."
)


# The lessons ----------------------------------------------------------------------------------


def lab(arguments: list) -> int:
    """Open the lessons in JupyterLab; --edit (make: EDIT=1) opens notebooks/ itself.

    With --offline (make: OFFLINE=1) what is missing is installed from the folder wheelhouse.
    """
    python = prepare(".venv", LEARNER, offline="--offline" in arguments)
    folder = ROOT / ("notebooks" if "--edit" in arguments else "my-lessons")
    if folder.name == "my-lessons" and run([python, "-m", "kernelfit", "lessons", folder]):
        return 1
    turn_off_news(python.parent.parent)
    command = [str(python), "-m", "jupyterlab"]
    if (folder / "00_start_here.ipynb").exists():
        command.append("--LabApp.default_url=/lab/tree/00_start_here.ipynb")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; JupyterLab asks for it
        command.append("--allow-root")
    command += [word for word in arguments if word not in ("--", "--edit", "--offline")]
    os.chdir(folder)
    if os.name == "nt":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # JupyterLab itself answers Ctrl-C
        return subprocess.call(command)
    return os.execv(command[0], command)


def reset(arguments: list) -> int:
    """Put one of my-lessons back as it was shipped (make: LESSON=03); yours is kept beside it."""
    if len(arguments) != 1:
        raise SystemExit("Which lesson? `make reset LESSON=03`, on Windows `py tasks.py reset 03`.")
    python = prepare(".venv", LEARNER)
    command = [python, "-m", "kernelfit", "lessons", ROOT / "my-lessons"]
    return run([*command, "--reset", *arguments])


def wheelhouse(arguments: list) -> int:
    """Collect all that `make lab` installs into a folder, for a room without a network."""
    say(wheels.collect(ROOT / LEARNER[0]))
    return 0


def turn_off_news(environment: Path) -> None:
    """Set our JupyterLab not to ask about news; a setting of the learner's own goes first."""
    settings = environment / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    silence = {"fetchNews": "false", "checkForUpdates": False}
    overrides = json.dumps({"@jupyterlab/apputils-extension:notification": silence})
    (settings / "overrides.json").write_text(overrides, encoding="utf-8")


def colab(arguments: list) -> int:
    """Write each lesson as one file for Colab (make: REPO=owner/name adds badges)."""
    return run([prepare(".venv", DEVELOPER), "-m", "tools.colab", *arguments])


def slides(arguments: list) -> int:
    """Write the lessons as slides; one lesson by its number (make: LESSON=03)."""
    lessons = map(lesson_number, arguments)
    return run([prepare(".venv", LEARNER), "-m", "tools.slides", *lessons])


def site(arguments: list) -> int:
    """Build the edition that runs in the browser alone."""
    return run([prepare(".venv-site", SITE), "-m", "tools.site", *arguments])


# Checks and tests -----------------------------------------------------------------------------


def find_browser() -> "str | None":
    """The path of a Chromium, Chrome or Edge; KERNELFIT_BROWSER, when set, is the only choice."""
    if os.environ.get("KERNELFIT_BROWSER"):
        return shutil.which(os.environ["KERNELFIT_BROWSER"])
    names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]
    for name in ("Chromium", "Google Chrome", "Microsoft Edge"):
        names.append(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for place in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        folder = os.environ.get(place, place)
        names.append(folder + r"\Google\Chrome\Application\chrome.exe")
        names.append(folder + r"\Microsoft\Edge\Application\msedge.exe")
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
    fast = [*UNIT, "-m", "not slow", *arguments]
    return summary([pytest(python, "fast tests", fast)]) or failure


def test(arguments: list) -> int:
    """Run all tests, or those of one lesson (make: LESSON=03)."""
    lesson, pick = "", arguments
    if arguments and not arguments[0].startswith("-"):  # the rest goes to pytest
        lesson = lesson_number(arguments[0])
        pick = ["-k", f"lesson{lesson} or {lesson}_", *arguments[1:]]
    python = prepare(".venv", DEVELOPER)
    unit = pytest(python, "unit tests", [*UNIT, *pick])
    return summary([unit, run_lessons(python, lesson), run_browser(python, pick)])


def coverage(arguments: list) -> int:
    """Run the unit tests and print how many of the package's branches they take."""
    python = prepare(".venv", DEVELOPER)
    shutil.rmtree(ROOT / "build/coverage", ignore_errors=True)
    options = [*UNIT, "-p", "tools.saved", *arguments]
    unit = pytest(python, "unit tests", options, ("-m", "coverage", "run"))
    return run([python, "-m", "tools.branches"]) or summary([unit])


def mutants(arguments: list) -> int:
    """Change the package in one place at a time and count how often a test notices."""
    python = prepare(".venv", DEVELOPER)
    return run([python, "-m", "tools.mutants", *arguments])


def test_colab(arguments: list) -> int:
    """Run the files for Colab, and their views, on Colab's versions and without the package."""
    require_python("test-colab", NEWEST_COLAB)
    if colab([]):
        return 1
    python = prepare(".venv-colab", COLAB, "--no-deps")
    folder = ROOT / "build/colab"
    lessons = run_lessons(python, "", folder)
    return summary([lessons, run_browser(python, arguments, KERNELFIT_LESSONS=str(folder))])


def test_package(arguments: list) -> int:
    """Build the package, install it where nothing else is, and run its tests there."""
    return summary([pytest(prepare(".venv", DEVELOPER), "package", ["tests/package", *arguments])])


def test_site(arguments: list) -> int:
    """Build the browser edition and run its lessons in a browser without a network."""
    if site([]):
        return 1
    python = prepare(".venv", DEVELOPER)
    # the time to the first picture is measured alone
    start = pytest(python, "site", ["tests/site/test_site.py", *arguments])
    each = ["tests/site/test_site_lessons.py", *SPREAD, "worksteal", *arguments]
    return summary([start, pytest(python, "lessons of the site", each)])


def lesson_number(text: str) -> str:
    """03 for 3, 03 or 03_multiple_regression; refuse what names no lesson."""
    known = sorted(path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb"))
    number = text.split("_")[0].zfill(2)
    if number not in known:
        raise SystemExit(f"There is no lesson {text}. Lessons: {', '.join(known) or 'none yet'}.")
    return number


def run_lessons(python: Path, lesson: str, folder: "Path | None" = None) -> tuple:
    """Every cell's stored text must equal what it prints now."""
    notebooks = sorted((folder or ROOT / "notebooks").glob(lesson + "*.ipynb"))
    if not notebooks:
        return 0, 0, "lessons: none yet"
    nbval = ["--nbval", "--nbval-current-env", *SPREAD, "loadfile"]  # a lesson has one kernel
    # A progress bar appears when the machine is slow: no output to compare.
    return pytest(python, "lessons", [*nbval, *notebooks], TQDM_DISABLE="1")


def run_browser(python: Path, arguments: list, **variables: str) -> tuple:
    """Drive real JupyterLab in a real browser, or say that none was found."""
    if find_browser():
        words = ["tests/browser", "-m", "browser", *arguments]
        return pytest(python, "browser", words, **variables)
    return 0, int(os.environ.get("KERNELFIT_REQUIRE_BROWSER", "0") not in ("", "0")), NO_BROWSER


def pytest(python: Path, name: str, words: list, through: tuple = (), **variables: str) -> tuple:
    """Run one part of the tests: how many passed, how many failed, and a line about it.

    The words of `through` stand before pytest's own name.
    """
    say(f"\n== {name} ==")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        environment = dict(
            with_compiled_files(),
            IPYTHONDIR=str(Path(folder) / "ipython"),  # no start-up files of the user's own
            PYDEVD_DISABLE_FILE_VALIDATION="1",  # no debugger's warning among the outputs
            OPENBLAS_NUM_THREADS="1",  # threads of two processes would wait for each other
            **variables,
        )
        command = [python, *through, "-m", "pytest", "--durations=10", f"--junitxml={results}"]
        command += words
        code = run(command, env=environment)
        passed, failed = 0, int(code not in (0, 5))  # 5: nothing was selected, no failure here
        if results.exists():
            suite = ElementTree.parse(results).find("testsuite")
            bad = int(suite.get("failures")) + int(suite.get("errors"))
            passed = int(suite.get("tests")) - bad - int(suite.get("skipped"))
            failed = max(failed, bad)
    line = f"{name}: {passed} passed, {failed} failed in {time.monotonic() - start:.0f} s"
    return passed, failed, line


def with_compiled_files() -> dict:
    """The variables of this process, but compiled files are kept, if not beside the source.

    Without them every kernel would compile the whole of sympy anew.
    """
    variables = dict(os.environ)
    if variables.pop("PYTHONDONTWRITEBYTECODE", ""):
        variables["PYTHONPYCACHEPREFIX"] = str(ROOT / "build/compiled")
    return variables


def summary(parts: list) -> int:
    """Print a line for each part, then the sum alone on the last line; return the exit code."""
    passed, failed, lines = zip(*parts)
    say("\n" + "\n".join(lines))
    say(f"{sum(passed)} passed, {sum(failed)} failed")
    return int(sum(failed) > 0)


def notebooks(arguments: list) -> int:
    """Execute the lessons and store them clean; one lesson by its number."""
    lessons = map(lesson_number, arguments)
    return run([prepare(".venv", DEVELOPER), "-m", "tools.notebooks", *lessons])


def bench(arguments: list) -> int:
    """Run the benchmarks and write what they measured on one page, benchmarks/RESULTS.md."""
    python = prepare(".venv", DEVELOPER)
    failure = 0
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        figures.touch()
        variables = dict(with_compiled_files(), KERNELFIT_FIGURES=str(figures))
        for script in sorted((ROOT / "benchmarks").glob("bench_*.py")):
            say(f"\n== {script.name} ==")
            failure = run([python, script, *arguments], env=variables) or failure
        return run([python, ROOT / "benchmarks/page.py", figures]) or failure


def lock(arguments: list) -> int:
    """Write the requirement files anew from pyproject.toml; --upgrade takes the newest versions."""
    project = ["pyproject.toml", *arguments]
    learner = write_lock(LEARNER[0], [*project, "--extra", "lab", "--extra", "dask"])
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder) / "same.txt"
        same.write_text("\n".join(learner), encoding="utf-8")
        extras = ["--extra", "test", "--extra", "bench", "--extra", "mutants", "-c", same]
        write_lock(DEVELOPER[1], [*project, *extras], learner)
        write_lock(SITE[0], [*project, "--extra", "site", "-c", same])
    write_lock(COLAB[0], ["tests/constraints-colab.txt", *arguments], itself=False)
    return 0


def write_lock(name: str, words: list, known: tuple = (), itself: bool = True) -> list:
    """Write one requirement file without what is known; versions in it stay where they will do.

    Its last line is kernelfit itself, unless that is known or not wanted there.
    """
    uv = find_uv()
    if not uv:
        raise SystemExit("This needs uv: `pip install uv`, then again.")
    words = [*words, "--universal", "--python-version", dotted(OLDEST), "--fork-strategy", "fewest"]
    words += ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.txt"
        draft.write_text(read(ROOT / name).replace("-e .", ""), encoding="utf-8")
        if run([*uv, "pip", "compile", *words, "-o", draft], stdout=subprocess.DEVNULL):
            raise SystemExit("The versions could not be resolved; the reason stands above.")
        exact = {pin.split(" ;")[0] for pin in known}  # whatever the marker
        lines = [line for line in read(draft).splitlines() if line.split(" ;")[0] not in exact]
    heading = "# Exact versions, written by `python tasks.py lock`; do not edit."
    last = "-e .\n" if itself and not known else ""
    (ROOT / name).write_bytes("\n".join([heading, *lines, last]).encode())
    say(f"{name}: {len(lines)} packages")
    return lines


FUNCTIONS = (
    *(lab, reset, wheelhouse, slides, colab, site),
    *(check, test, lint, notebooks, bench, coverage, mutants),
    *(test_colab, test_package, test_site, lock),
)
TASKS = {function.__name__.replace("_", "-"): function for function in FUNCTIONS}


def main(arguments: list) -> int:
    """Do the task that the first word names; without a word, list them."""
    task = arguments[0] if arguments else "help"
    if task in ("help", "-h", "--help"):
        say("make TASK, on Windows py tasks.py TASK:")
        for name, function in TASKS.items():
            say(f"  {name:<14}{function.__doc__.splitlines()[0]}")
        return 0
    if task not in TASKS:
        raise SystemExit(f"There is no task `{task}`. Tasks: {', '.join(TASKS)}.")
    require_python(task)
    try:
        return TASKS[task](arguments[1:])
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

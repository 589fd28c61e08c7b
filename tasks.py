"""Every task of this project, in Python's standard library alone.

`make lab` on Linux and macOS and `py tasks.py lab` on Windows do the same. Each task first sets up
what it needs in `.venv`: with uv when it is there, with pip otherwise (KERNELFIT_NO_UV=1 insists on
pip). A second call installs nothing. This file must parse on an old Python, to say so politely.
"""

import hashlib
import importlib
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
SITE = ["tools/requirements-site.txt"]
UNFINISHED = "unfinished"
fcntl = importlib.import_module("fcntl") if os.name == "posix" else None
SPREAD = ["-n", "2", "--dist"]  # over two processes
UNIT = ["tests", "--ignore=tests/browser", *SPREAD, "worksteal"]
FIRST_IMPORT = "import matplotlib.pyplot, scipy.linalg, sympy, {}"  # slow, once
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
    return subprocess.call(command, cwd=ROOT, **options)


# The environment ------------------------------------------------------------------------------


def dotted(version: tuple) -> str:
    """3.12 for (3, 12, 1, ...)."""
    return "{}.{}".format(*version[:2])


def require_python(task: str, newest: tuple = NEWEST) -> None:
    """Stop with one line when this is not a Python that will do."""
    if not OLDEST <= sys.version_info[:2] <= newest:
        raise SystemExit(
            f"This needs Python {dotted(OLDEST)} to {dotted(newest)} and was started with "
            f"{dotted(sys.version_info)}. Choose another: `make {task} PYTHON=python3.12`, "
            f"on Windows `py -3.12 tasks.py {task}`."
        )


def find_uv() -> list:
    """How to call uv; empty when it is absent, does not start or is not wanted."""
    if os.environ.get("KERNELFIT_NO_UV"):
        return []
    candidates = ["uv"], [sys.executable, "-m", "uv"]
    return next((uv for uv in candidates if output_of([*uv, "--version"])), [])


def output_of(command: list) -> str:
    """What a program prints; empty when it cannot be started or fails."""
    try:
        output = subprocess.check_output(command, stderr=subprocess.DEVNULL, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return output.strip()


def python_in(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(requirements: str, python_version: str) -> str:
    """A hash of all that decides what an installation contains."""
    import tomllib  # from Python 3.11

    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    project.pop("tool", None)  # the settings of linters change nothing that is installed
    parts = [read(ROOT / requirements), project, python_version, str(ROOT)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read(path: Path) -> str:
    """The text of a file; empty when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def prepare(folder_name: str, requirement_files: list, *options: str) -> Path:
    """Set up a virtual environment, one caller at a time; return its Python."""
    with open(ROOT / "pyproject.toml") as project:
        if fcntl:  # Windows has no such lock; there, files in use cannot be removed
            try:
                fcntl.flock(project, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another set-up to end ...")
                fcntl.flock(project, fcntl.LOCK_EX)
            except OSError:
                pass  # some network drives have no locks
        return set_up(ROOT / folder_name, requirement_files, options)


def set_up(folder: Path, requirement_files: list, options: tuple) -> Path:
    """Make a virtual environment, or complete it.

    A stamp for each requirement file says what is installed. It says `unfinished` from before the
    first step until after the last, so that an interrupted set-up is seen and begun anew.
    """
    python = python_in(folder)
    stamps = {name: folder / (name.replace("/", "-") + ".installed") for name in requirement_files}
    version = output_of([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    reason = ""
    if any(read(stamp) == UNFINISHED for stamp in stamps.values()):
        reason = "Its set-up was interrupted"
    elif folder.exists() and not version:
        reason = "Its Python does not start"
    elif version and not OLDEST <= tuple(map(int, version.split("."))) <= NEWEST:
        reason = f"It has Python {version}"
    if reason:
        say(f"{reason}: making {folder.name} anew.")
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise SystemExit(
                f"Could not remove {folder.name}: {error}. Close what uses it (JupyterLab, a "
                "terminal where it is active) and try again."
            ) from None
    elif version and version != dotted(sys.version_info):
        say(f"{folder.name} has Python {version} and is kept; to change it, delete the folder.")
    uv = None
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
        say(f"Installing {name} into {folder.name} with {'uv' if uv else 'pip'} ...")
        largest = "jupyterlite_core.app" if name in SITE else "jupyterlab.labapp"
        failure = install(python, uv, ["-r", name, *options]) or run([python, "-c", FIRST_IMPORT.format(largest)])
        if failure > 0:  # refused rather than killed: what was installed is as it was
            stamp.write_text(before, encoding="utf-8")
        if failure:
            raise SystemExit(
                f"Installing {name} failed; the reason stands above. Is there a network? "
                f"When it fails again, delete the folder {folder.name} and try once more."
            )
        stamp.write_text(fingerprint(name, version), encoding="utf-8")
    return python


def create(folder: Path, uv: list) -> None:
    """Make an empty virtual environment from the Python that runs this file."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    with_uv = [*uv, "venv", "--quiet", "--allow-existing", "--python", base, folder]
    if run(with_uv if uv else [base, "-m", "venv", folder]):
        raise SystemExit(f"Could not make {folder.name}; the reason stands above.")


def install(python: Path, uv: list, what: list) -> int:
    """Install with uv or pip; return the exit code."""
    if uv:
        return run([*uv, "pip", "install", "--python", python, *what])
    if not output_of([python, "-m", "pip", "--version"]):  # uv makes environments without pip
        run([python, "-m", "ensurepip"])
    say("This takes some minutes, once.")
    return run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what])


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
    for what, names in ("Copied into", copied), ("Updated in", updated):
        if names:
            messages.insert(0, f"{what} {target.name}: {', '.join(names)}.")
    return messages


def free_name(copy: Path, delivered: dict) -> Path:
    """Where a newer lesson can lie beside a changed one without overwriting the learner's work."""
    path, number = copy.with_suffix(".new.ipynb"), 1
    while path.exists() and digest(path.read_bytes()) != delivered.get(path.name):
        number += 1
        path = copy.with_suffix(f".new{number}.ipynb")
    return path


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
        command.append("--LabApp.default_url=/lab/tree/00_start_here.ipynb")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; JupyterLab asks for it
        command.append("--allow-root")
    command += [word for word in arguments if word not in ("--", "--edit")]
    os.chdir(folder)
    if os.name == "nt":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # JupyterLab itself answers Ctrl-C
        return subprocess.call(command)
    return os.execv(command[0], command)


def turn_off_news(environment: Path) -> None:
    """Set our JupyterLab not to ask about news; a setting of the learner's own goes first."""
    settings = environment / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    silence = {"fetchNews": "false", "checkForUpdates": False}
    overrides = json.dumps({"@jupyterlab/apputils-extension:notification": silence})
    (settings / "overrides.json").write_text(overrides, encoding="utf-8")


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


def test_colab(arguments: list) -> int:
    """Run the lessons and their views on Colab's versions."""
    require_python("test-colab", NEWEST_COLAB)
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
    nbval = ["--nbval", "--nbval-current-env", *SPREAD, "loadfile"]  # a lesson has one kernel
    # A progress bar appears when the machine is slow: no output to compare.
    return pytest(python, "lessons", [*nbval, *notebooks], TQDM_DISABLE="1")


def run_browser(python: Path, arguments: list) -> tuple:
    """Drive real JupyterLab in a real browser, or say that none was found."""
    if find_browser():
        return pytest(python, "browser", ["tests/browser", "-m", "browser", *arguments])
    return 0, int(os.environ.get("KERNELFIT_REQUIRE_BROWSER", "0") not in ("", "0")), NO_BROWSER


def pytest(python: Path, name: str, words: list, **variables: str) -> tuple:
    """Run one part of the tests: how many passed, how many failed, and a line about it."""
    say(f"\n== {name} ==")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        environment = dict(
            os.environ,
            IPYTHONDIR=str(Path(folder) / "ipython"),  # no start-up files of the user's own
            PYDEVD_DISABLE_FILE_VALIDATION="1",  # no debugger's warning among the outputs
            OPENBLAS_NUM_THREADS="1",  # threads of two processes would wait for each other
            **variables,
        )
        command = [python, "-m", "pytest", "--durations=10", f"--junitxml={results}", *words]
        code = run(command, env=environment)
        passed, failed = 0, int(code not in (0, 5))  # 5: nothing was selected, no failure here
        if results.exists():
            suite = ElementTree.parse(results).find("testsuite")
            bad = int(suite.get("failures")) + int(suite.get("errors"))
            passed = int(suite.get("tests")) - bad - int(suite.get("skipped"))
            failed = max(failed, bad)
    line = f"{name}: {passed} passed, {failed} failed in {time.monotonic() - start:.0f} s"
    return passed, failed, line


def summary(parts: list) -> int:
    """Print a line for each part, then the sum alone on the last line; return the exit code."""
    passed, failed, lines = zip(*parts)
    say("\n" + "\n".join(lines))
    say(f"{sum(passed)} passed, {sum(failed)} failed")
    return int(sum(failed) > 0)


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
    project = ["pyproject.toml", *arguments]
    learner = write_lock(LEARNER[0], [*project, "--extra", "lab", "--extra", "dask"])
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder) / "same.txt"
        same.write_text("\n".join(learner), encoding="utf-8")
        extras = ["--extra", "test", "--extra", "bench", "-c", same]
        write_lock(DEVELOPER[1], [*project, *extras], learner)
        write_lock(SITE[0], [*project, "--extra", "site", "-c", same])
    write_lock(COLAB[0], ["tests/constraints-colab.txt", *arguments])
    return 0


def write_lock(name: str, words: list, known: tuple = ()) -> list:
    """Write one requirement file without what is known; versions in it stay where they will do."""
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
    last = "" if known else "-e .\n"
    (ROOT / name).write_bytes("\n".join([heading, *lines, last]).encode())
    say(f"{name}: {len(lines)} packages")
    return lines


FUNCTIONS = (lab, test, check, lint, notebooks, bench, test_colab, lock)
TASKS = {function.__name__.replace("_", "-"): function for function in FUNCTIONS}


def main(arguments: list) -> int:
    """Do the task that the first word names; without a word, list them."""
    task = arguments[0] if arguments else "help"
    if task in ("help", "-h", "--help"):
        say("make TASK, on Windows py tasks.py TASK:")
        for name, function in TASKS.items():
            say(f"  {name:<12}{function.__doc__.splitlines()[0]}")
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

"""The virtual environments that the tasks work in: made once, completed when something is new.

With uv when it is there, with pip otherwise (KERNELFIT_NO_UV=1 insists on pip). In Python's
standard library alone, for it runs before anything is installed, and readable for an old Python.
"""

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 14)
LEARNER = ["requirements.txt"]
DEVELOPER = ["requirements.txt", "tests/requirements.txt"]
COLAB = ["tests/requirements-colab.txt"]
SITE = ["tools/requirements-site.txt"]
UNFINISHED = "unfinished"
FIRST_IMPORT = "import matplotlib.pyplot, scipy.linalg, sympy, {}"  # slow, once
fcntl = importlib.import_module("fcntl") if os.name == "posix" else None


def say(text: str) -> None:
    """Print at once, so that the line stands before the output of the program started next."""
    print(text, flush=True)


def run(command: list, **options) -> int:
    """Run a program in the project's folder and return its exit code."""
    return subprocess.call(command, cwd=ROOT, **options)


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


def prepare(
    folder_name: str, requirement_files: list, *options: str, offline: bool = False
) -> Path:
    """Set up a virtual environment, one caller at a time; return its Python.

    Offline, what is missing comes from the wheelhouse.
    """
    with open(ROOT / "pyproject.toml") as project:
        if fcntl:  # Windows has no such lock; there, files in use cannot be removed
            try:
                fcntl.flock(project, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another set-up to end ...")
                fcntl.flock(project, fcntl.LOCK_EX)
            except OSError:
                pass  # some network drives have no locks
        return set_up(ROOT / folder_name, requirement_files, options, offline)


def set_up(folder: Path, requirement_files: list, options: tuple, offline: bool) -> Path:
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
    from tools import wheelhouse  # which needs this module in its turn

    uv = None
    for name, stamp in stamps.items():
        before = read(stamp)
        if version and before == fingerprint(name, version):
            continue
        source = wheelhouse.options() if offline else []
        uv = find_uv() if uv is None else uv
        folder.mkdir(exist_ok=True)
        stamp.write_text(UNFINISHED, encoding="utf-8")
        if not python.exists():
            create(folder, uv)
            version = dotted(sys.version_info)
        say(f"Installing {name} into {folder.name} with {'uv' if uv else 'pip'} ...")
        largest = "jupyterlite_core.app" if name in SITE else "jupyterlab.labapp"
        failure = install(python, uv, ["-r", name, *options, *source]) or run(
            [python, "-c", FIRST_IMPORT.format(largest)]
        )
        if failure > 0:  # refused rather than killed: what was installed is as it was
            stamp.write_text(before, encoding="utf-8")
        if failure:
            raise SystemExit(
                f"Installing {name} failed; the reason stands above. "
                f"{'Is wheelhouse older than the project?' if offline else 'Is there a network?'} "
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

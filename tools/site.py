"""The edition that runs in the browser alone: ``make site`` writes it into ``build/site``.

JupyterLite is Jupyter without a server, and Pyodide is Python compiled for the browser. The site
holds the lessons, kernelfit and what it needs of pure Python; the compiled packages come from
Pyodide's own address. A lock file says of each package where it lies, its checksum and what it is
imported as. By it Python loads kernelfit when a cell imports it, and no index is asked.
"""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

import nbformat
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec

from tools.wheel import build_slim_wheel

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build/site"
LESSONS = ROOT / "notebooks"
SETTINGS = ROOT / "tools/lite/jupyter-lite.json"
FRONT_PAGE = ROOT / "tools/lite/index.html"
PYODIDE_LOCK = ROOT / "tools/lite/pyodide-lock.json"  # Pyodide's own, byte for byte
KERNEL = "@jupyterlite/pyodide-kernel-extension"
# A page for each lesson: JupyterLab would open those of the last visit again, a Python for each.
PAGE = "notebooks/index.html?path="
MEGABYTES = 47  # what a first picture downloads; tests/site measures it

# The wheels in the site: Pyodide has no such package, or not the version that fits.
SHIPPED = (
    "anywidget",
    "asttokens",
    "comm",
    "executing",
    "ipython",
    "ipython-pygments-lexers",
    "ipywidgets",
    "jedi",
    "matplotlib-inline",
    "mpmath",
    "parso",
    "prompt-toolkit",
    "psygnal",
    "pure-eval",
    "pygments",
    "stack-data",
    "threadpoolctl",
    "tqdm",
    "traitlets",
    "wcwidth",
)
IN_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}  # JavaScript: Python needs nothing of it


def build_site(target: Path) -> None:
    """Write the whole site into a folder, which is removed first."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        lite, lessons = Path(folder, "lite"), Path(folder, "lessons")
        lite.mkdir()
        shutil.copy(SETTINGS, lite)
        copy_lessons(lessons)
        build_jupyterlite(lite, lessons, target)
    write_front_page(target)
    wheels = target / "wheels"
    build_slim_wheel(wheels)
    download(SHIPPED, wheels)
    write_lock(target)


def copy_lessons(target: Path) -> None:
    """The lessons with every text in one piece.

    In a stored lesson a text is a list of lines. Jupyter's server joins them for the page; here
    there is none, and the page would show stored output with a comma before each line.
    """
    target.mkdir()
    for path in sorted(LESSONS.glob("*.ipynb")):
        book = nbformat.read(path, as_version=4)
        text = json.dumps(book, ensure_ascii=False, indent=1)
        (target / path.name).write_text(text + "\n", encoding="utf-8")


def build_jupyterlite(settings: Path, lessons: Path, target: Path) -> None:
    """Jupyter's page, the extensions for widgets and Python, and the lessons."""
    options = {"lite-dir": settings, "contents": lessons, "output-dir": target.resolve()}
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps"]
    run([*command, *(f"--{name}={value}" for name, value in options.items())], cwd=settings)


def write_front_page(target: Path) -> None:
    """A page that links every lesson."""
    lines = []
    for path in sorted(LESSONS.glob("*.ipynb")):
        title = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].lstrip("# ")
        lines.append(f'    <li><a href="{PAGE}{path.name}">{html.escape(title)}</a></li>')
    page = Template(FRONT_PAGE.read_text(encoding="utf-8"))
    text = page.substitute(lessons="\n".join(lines), megabytes=MEGABYTES)
    (target / "index.html").write_text(text, encoding="utf-8")


def download(names: tuple[str, ...], folder: Path) -> None:
    """Fetch the wheels of these packages, pure Python and in the versions that are locked."""
    python = pyodide_lock().info.python
    pure = ["--only-binary=:all:", "--platform=any", f"--python-version={python}"]
    pins = [f"{name}=={version(name)}" for name in names]
    run([sys.executable, "-m", "pip", "download", "--no-deps", *pure, f"--dest={folder}", *pins])


def write_lock(target: Path) -> None:
    """Pyodide's lock file, and our wheels in addition."""
    kernel = target / "extensions" / KERNEL / "static/pypi"
    wheels = [*target.glob("wheels/*.whl"), *kernel.glob("*.whl")]
    lock = add_wheels_to_spec(pyodide_lock(), wheels, target, ignore_missing_dependencies=True)
    for name, package in lock.packages.items():
        if "://" in package.file_name:
            continue  # Pyodide's own business
        package.depends = [needed for needed in package.depends if needed not in IN_THE_PAGE]
        if missing := set(package.depends) - set(lock.packages):
            raise SystemExit(f"{name} needs {', '.join(sorted(missing))}: add it to SHIPPED.")
    lock.to_json(target / "pyodide-lock.json")


def pyodide_lock() -> PyodideLockSpec:
    """What Pyodide offers, each file with its whole address."""
    content = json.loads(PYODIDE_LOCK.read_text(encoding="utf-8"))
    address = pyodide_address()
    content["info"]["version"] = address.split("/v")[-1].split("/")[0]
    for package in content["packages"].values():
        package["file_name"] = address + package["file_name"]
    return PyodideLockSpec(**content)


def pyodide_address() -> str:
    """Where Pyodide lies, with a slash at the end."""
    settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    return str(plugins[f"{KERNEL}:kernel"]["pyodideUrl"]).removesuffix("pyodide.mjs")


def run(command: list[str], **options: Any) -> None:
    """Run a program; show what it said only when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:4])} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    build_site(SITE)
    print("The site is in build/site; to look at it: python -m http.server -d build/site")

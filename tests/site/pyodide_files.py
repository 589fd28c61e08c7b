"""Pyodide for the stand-in of its CDN: fetched once, checked, and kept outside of the sources.

The wheel of open-webui carries Pyodide and its compiled packages, so that what the test needs
comes from the package index that everything else comes from.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from tools.environment import ROOT, python_in

SOURCE = "open-webui==0.12.4"
INSIDE = "open_webui/frontend/pyodide/"
LOCK = ROOT / "tools/lite/pyodide-lock.json"

# Pyodide itself is not in its lock file: these are the sums of the npm package pyodide 314.0.3.
CORE = {
    "pyodide.mjs": "5cfc46f5dcbaf2a16f26e2363f441873eb424762609cc03db00d6a2ace4d00e5",
    "pyodide.asm.mjs": "1a9775427ef6e8abaa7db88ece0515422d1886915ae5c9093776410c865dfd8d",
    "pyodide.asm.wasm": "e7f8fac36f8bf11085309cbc5c829b3ec3057c18bf1d73b05a6741612d63cdbf",
    "python_stdlib.zip": "444c770dfd75a32097fc0a7d5c1413fd3140601f49c3a1f2e9af0376fcd124b4",
}


def pyodide_files(folder: Path) -> Path:
    """The folder with Pyodide in it and the packages that SOURCE has, each file as it should be."""
    locked = json.loads(LOCK.read_text(encoding="utf-8"))["packages"].values()
    sums = CORE | {package["file_name"]: package["sha256"] for package in locked}
    if not (folder / "complete").exists():
        fetch(folder, set(sums))
    for file in folder.iterdir():
        if file.name in sums and sha256(file.read_bytes()).hexdigest() != sums[file.name]:
            raise ValueError(f"{file} is not what Pyodide's lock file says. Delete {folder}.")
    return folder


def fetch(folder: Path, names: set[str]) -> None:
    """Download SOURCE and take out of it what has one of these names."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as there:
        python = python_in(ROOT / ".venv-site")
        command = [python, "-m", "pip", "download", "--no-deps", f"--dest={there}", SOURCE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{SOURCE} could not be downloaded:\n{done.stderr}")
        (wheel,) = Path(there).glob("*.whl")
        with ZipFile(wheel) as archive:
            for name in (names | {LOCK.name}) & {
                path.removeprefix(INSIDE) for path in archive.namelist()
            }:
                (folder / name).write_bytes(archive.read(INSIDE + name))
    (folder / "complete").touch()

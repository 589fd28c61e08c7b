"""The package as one small wheel, without the lessons: what travels inside a lesson elsewhere."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parent.parent
LESSONS = "kernelfit/notebooks/"


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the source tree into a folder; return its path."""
    before = set(folder.glob("*.whl"))
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The wheel could not be built:\n{done.stdout}{done.stderr}")
    (wheel,) = set(folder.glob("*.whl")) - before
    return wheel


def build_slim_wheel(folder: Path) -> Path:
    """Build the wheel without the lessons, which whoever gets it has open already."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as there:
        whole = build_wheel(Path(there))
        slim = folder / whole.name
        with ZipFile(whole) as source, ZipFile(slim, "w", ZIP_DEFLATED, compresslevel=9) as target:
            for entry in source.infolist():
                if entry.filename.startswith(LESSONS):
                    continue
                content = source.read(entry)
                if entry.filename.endswith(".dist-info/RECORD"):  # the list of what is in it
                    lines = content.decode().splitlines(keepends=True)
                    content = "".join(x for x in lines if not x.startswith(LESSONS)).encode()
                entry.compress_type = ZIP_DEFLATED
                target.writestr(entry, content, compresslevel=9)
    return slim

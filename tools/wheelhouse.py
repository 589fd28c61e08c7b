"""All that `make lab` installs, in one folder: for a room without a network.

In Python's standard library alone, for it is asked before anything is installed.
"""

import json
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tools.environment import ROOT, dotted, python_in

WHEELHOUSE = ROOT / "wheelhouse"
MADE_FOR = WHEELHOUSE / "made-for.json"
MAKE_IT = "Where there is a network, type `make wheelhouse` (on Windows `py tasks.py wheelhouse`)"


def this_machine() -> str:
    """What a wheel must fit: Python 3.12 on Linux x86_64."""
    return f"Python {dotted(sys.version_info)} on {platform.system()} {platform.machine()}"


def made_for() -> list:
    """The machines that the folder has wheels for; none when there is no such folder."""
    return json.loads(MADE_FOR.read_text(encoding="utf-8")) if MADE_FOR.exists() else []


def options() -> list:
    """What makes pip and uv take everything from the folder and nothing from the network."""
    known = made_for()
    if not known:
        raise SystemExit(
            f"OFFLINE installs from the folder wheelhouse, and it is not here. {MAKE_IT}, "
            "and copy the whole project folder from there."
        )
    if this_machine() not in known:
        raise SystemExit(
            f"The folder wheelhouse is for {', '.join(known)}, and this is {this_machine()}. "
            f"{MAKE_IT} on a machine like this one: it adds to the folder."
        )
    return ["--no-index", "--find-links", str(WHEELHOUSE)]


def collect(requirements: Path) -> str:
    """Download the wheels of a requirement file, and what builds kernelfit; return a sentence."""
    import tomllib  # from Python 3.11

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = requirements.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line != "-e ."]
    # kernelfit itself is installed from its source: by this, and hatchling asks for the other
    lines += [*project["build-system"]["requires"], "editables"]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text("\n".join(lines), encoding="utf-8")
        venv.create(Path(folder) / "pip", with_pip=True)  # uv cannot download
        python = python_in(Path(folder) / "pip")
        words = ["download", "--only-binary=:all:", "--quiet", "--disable-pip-version-check"]
        words += ["--dest", str(WHEELHOUSE), "-r", str(wanted)]
        if subprocess.call([str(python), "-m", "pip", *words]):
            raise SystemExit("The wheels could not be downloaded; the reason stands above.")
    known = sorted({*made_for(), this_machine()})
    MADE_FOR.write_text(json.dumps(known, indent=1), encoding="utf-8")
    wheels = list(WHEELHOUSE.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels)
    return (
        f"{len(wheels)} wheels, {size / 1e6:.0f} MB, in wheelhouse, for {' and '.join(known)}. "
        "Copy the whole project folder; `make lab OFFLINE=1` there needs no network."
    )

"""A room without a network: a wheelhouse filled elsewhere, and `make lab OFFLINE=1` uses it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.environment import ROOT, find_uv, python_in
from tools.wheelhouse import this_machine

NOWHERE = "http://127.0.0.1:9"  # the port that throws everything away: nobody listens
CUT_OFF = {
    "PIP_INDEX_URL": NOWHERE,
    "PIP_NO_CACHE_DIR": "1",
    "PIP_RETRIES": "0",
    "UV_DEFAULT_INDEX": NOWHERE,
    "UV_NO_CACHE": "1",
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "NO_PROXY": "",
}
GENERATED = (".git", ".venv*", "build", "wheelhouse", "my-lessons", "__pycache__", ".*_cache")


def task(project: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call a task of that copy of the project."""
    return subprocess.run(
        [sys.executable, "tasks.py", *words],
        cwd=project,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a teacher carries it into the room, with a filled wheelhouse."""
    folder = tmp_path_factory.mktemp("room") / "kernelfit"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*GENERATED))
    done = task(folder, "wheelhouse")
    assert done.returncode == 0, done.stdout
    last = done.stdout.splitlines()[-1]
    assert this_machine() in last
    print(f"\n{last}")
    return folder


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_the_lab_is_installed_and_starts_without_a_network(project: Path, installer: str) -> None:
    if installer == "uv" and not find_uv():
        pytest.skip("uv is not here")
    shutil.rmtree(project / ".venv", ignore_errors=True)
    variables = CUT_OFF | ({"KERNELFIT_NO_UV": "1"} if installer == "pip" else {})
    done = task(project, "lab", "--offline", "--version", **variables)
    assert done.returncode == 0, done.stdout
    assert f"Installing requirements.txt into .venv with {installer}" in done.stdout
    locked = (project / "requirements.txt").read_text(encoding="utf-8")
    assert f"jupyterlab=={done.stdout.splitlines()[-1]}\n" in locked
    lessons = sorted(path.name for path in (project / "my-lessons").glob("*.ipynb"))
    assert lessons == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    code = "import kernelfit; from kernelfit import views; print(kernelfit.__file__)"
    python = python_in(project / ".venv")
    printed = subprocess.check_output([python, "-c", code], cwd=project / "my-lessons", text=True)
    assert Path(printed.strip()).is_relative_to(project)


def test_nothing_comes_from_elsewhere(project: Path) -> None:
    (wheel,) = (project / "wheelhouse").glob("anywidget-*.whl")
    away = wheel.rename(project / wheel.name)
    shutil.rmtree(project / ".venv", ignore_errors=True)
    done = task(project, "lab", "--offline", "--version")  # although there is a network
    away.rename(wheel)
    assert done.returncode == 1
    assert "anywidget" in done.stdout
    assert "Is wheelhouse older than the project?" in done.stdout

"""The package as others get it: built, installed where nothing else is, and tested there.

`make test-package`; it needs a network, to build and to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from kernelfit.lessons import KINDS
from tools.environment import OLDEST, create, find_uv, install, python_in
from tools.wheel import ROOT, build_slim_wheel

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LESSONS = sorted(p.name for p in (ROOT / "notebooks").iterdir() if p.suffix in KINDS)

# What these test is the project around the package: its files are not in the wheel.
OF_THE_PROJECT = {
    "test_bad_day.py",
    "test_bench_page.py",
    "test_colab.py",
    "test_contributing.py",
    "test_environment.py",
    "test_notebooks.py",
    "test_readme.py",
    "test_set_up.py",
    "test_stored_outputs.py",
    "test_tasks.py",
}
TOOLS = ["hypothesis", "pytest", "pytest-xdist", "scikit-learn"]


def call(command: list[object], folder: Path, **variables: str) -> str:
    """Run a program there, without our own paths; return what it prints."""
    bare = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=bare | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel, built from the source distribution, and of that one."""
    folder = tmp_path_factory.mktemp("dist")
    call([sys.executable, "-m", "build", "--outdir", folder, ROOT], folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_its_data_and_the_lessons_and_nothing_else(wheel: Path) -> None:
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kernelfit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "kernelfit/py.typed" in here
    assert "kernelfit/data/forbes.csv" in here
    inside = set(ZipFile(wheel).namelist())
    information = {name for name in inside if ".dist-info/" in name}
    lessons = {f"kernelfit/notebooks/{name}" for name in LESSONS}
    assert inside - information == here | lessons
    print(f"\nwheel: {wheel.stat().st_size / 1e6:.1f} MB")


def test_the_source_distribution_has_what_its_tests_need(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("tests/test_kernels.py", "tests/odd_tables", "notebooks/" + LESSONS[0]):
        assert any(there.startswith(name) for there in inside), name
    for name in ("LICENSE", "README.md", "CHANGELOG.md", "requirements.txt", "tasks.py"):
        assert name in inside
    assert not [name for name in inside if name.startswith((".venv", "build", "my-lessons"))]


def test_the_slim_wheel_is_the_wheel_without_the_lessons(wheel: Path, tmp_path: Path) -> None:
    slim = ZipFile(build_slim_wheel(tmp_path))
    whole = ZipFile(wheel)
    names = [name for name in whole.namelist() if not name.startswith("kernelfit/notebooks/")]
    assert slim.namelist() == names
    record = next(name for name in names if name.endswith("/RECORD"))
    for name in names:
        if name != record:
            assert slim.read(name) == whole.read(name), name
    listed = [line.split(",")[0] for line in slim.read(record).decode().splitlines()]
    assert sorted(listed) == sorted(names)
    print(f"\nslim wheel: {Path(str(slim.filename)).stat().st_size / 1e3:.0f} kB")


def lowest() -> list[str]:
    """The oldest version that each requirement allows, as pins."""
    texts = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dask"]
    pins = []
    for requirement in map(Requirement, texts):
        (least,) = [s.version for s in requirement.specifier if s.operator == ">="]
        extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
        pins.append(f"{requirement.name}{extras}=={least}")
    return pins


@pytest.fixture(scope="session", params=["lowest", "newest"])
def installed(
    request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The Python of an environment that holds the wheel, what it needs, and what tests it."""
    if request.param == "lowest" and sys.version_info[:2] != OLDEST:
        pytest.skip("the lowest versions were made for the lowest Python")
    folder = tmp_path_factory.mktemp(request.param)
    uv = find_uv()
    create(folder / "environment", uv)
    python = python_in(folder / "environment")
    pins = lowest() if request.param == "lowest" else []
    assert install(python, uv, [f"kernelfit[dask] @ {wheel.as_uri()}", *pins, *TOOLS]) == 0
    found = {d.name: d.version for d in distributions(path=[str(site_packages(python))])}
    for pin in map(Requirement, pins):
        assert pin.specifier.contains(found[pin.name]), pin
    named = [Requirement(text).name for text in PROJECT["dependencies"]]
    print("\n" + request.param, *(f"{name} {found[name]}" for name in named), sep=", ")
    return python


def site_packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    return Path(call([python, "-c", code], python.parent).strip())


def test_it_is_the_installed_package_that_is_imported(installed: Path, tmp_path: Path) -> None:
    code = "import kernelfit as kf; print(kf.__version__, kf.__file__)"
    version, file = call([installed, "-c", code], tmp_path).split()
    assert version == PROJECT["version"]
    assert Path(file).is_relative_to(site_packages(installed))


def test_the_lessons_come_out_of_it(installed: Path, tmp_path: Path) -> None:
    printed = call([installed, "-m", "kernelfit", "lessons", "mine"], tmp_path)
    assert printed.startswith("Copied into mine: 00_start_here.ipynb, ")
    for name in LESSONS:
        assert (tmp_path / "mine" / name).read_bytes() == (ROOT / "notebooks" / name).read_bytes()
    (tmp_path / "mine" / LESSONS[1]).write_text("my answers")
    call([installed, "-m", "kernelfit", "lessons", "mine"], tmp_path)
    assert (tmp_path / "mine" / LESSONS[1]).read_text() == "my answers"


def test_its_tests_pass_there(installed: Path, tmp_path: Path) -> None:
    def left_out(folder: str, names: list[str]) -> set[str]:
        at_the_top = Path(folder) == ROOT / "tests"
        apart = {"browser", "package", "site"} | OF_THE_PROJECT if at_the_top else set()
        return {name for name in names if name in apart or name == "__pycache__"}

    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=left_out)
    words = ["-m", "pytest", "tests", "-q", "-n", "2", "-m", "not slow", "-p", "no:cacheprovider"]
    printed = call([installed, *words, "-W", "ignore"], tmp_path, OPENBLAS_NUM_THREADS="1")
    last = printed.splitlines()[-1]
    passed = int(last.split(" passed")[0].split()[-1])
    assert passed > 1000, f"most of the tests were not found: {last}"
    print(f"\n{last}")

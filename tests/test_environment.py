"""pyproject.toml, the locks, environment.yml, Colab's versions and the workflows agree."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

import tasks
from tools.environment import NEWEST, OLDEST

ROOT = Path(tasks.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LEARNER, DEVELOPER = "requirements.txt", "tests/requirements.txt"
COLABS, SITE = "tests/requirements-colab.txt", "tools/requirements-site.txt"
LOCKS = [LEARNER, DEVELOPER, COLABS, SITE]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PYTHONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
WAYS = ["lint", "test", "test-colab", "test-package", "test-site"]
SYSTEMS = {"linux": "posix", "darwin": "posix", "win32": "nt"}

# What Colab had when this was written, as the issue gives it.
COLAB = {
    "anywidget": "0.9.21",
    "dask": "2025.9.1",
    "distributed": "2025.9.1",
    "ipykernel": "6.17.1",
    "ipywidgets": "7.7.1",
    "matplotlib": "3.10.0",
    "numpy": "2.1.3",
    "scipy": "1.16.3",
    "sympy": "1.14.0",
    "threadpoolctl": "3.6.0",
    "tqdm": "4.67.1",
}


def lines(name):
    """The lines of a requirement file that are not comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(*names):
    """Every `name==version ; marker` of these files."""
    return [Requirement(line) for name in names for line in lines(name) if line != "-e ."]


def version(requirement):
    """The one version of a pin."""
    (exact,) = requirement.specifier
    assert exact.operator == "=="
    return exact.version


def declared(*extras):
    """The requirements of the project with these extras."""
    texts = PROJECT["dependencies"] + [text for extra in extras for text in EXTRAS[extra]]
    return [Requirement(text) for text in texts]


def yaml(path):
    """A YAML file as plain data."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ([LEARNER], declared("lab", "dask")),
        ([LEARNER, DEVELOPER], declared("lab", "dask", "test", "bench", "mutants")),
        ([COLABS], declared()),
        ([SITE], declared("site")),
    ],
    ids=["learner", "developer", "colab", "site"],
)
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_is_locked_once_within_its_range(files, wanted, python, system):
    machine = {
        "implementation_name": "cpython",
        "os_name": SYSTEMS[system],
        "platform_python_implementation": "CPython",
        "python_full_version": f"{python}.7",
        "python_version": python,
        "sys_platform": system,
    }
    locked = {}
    for pin in pins(*files):
        if pin.marker is None or pin.marker.evaluate(machine):
            assert locked.setdefault(pin.name, version(pin)) == version(pin), pin.name
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{name} is not locked: python tasks.py lock"
        assert requirement.specifier.contains(locked[name]), f"{name}: python tasks.py lock"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_exact_versions_and_nothing_else(name):
    for line in lines(name):
        assert line == "-e ." or re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; [^@/\\]+)?", line), line


def test_the_project_itself_comes_last():
    for name in (LEARNER, SITE):
        assert lines(name)[-1] == "-e ."
        assert lines(name).count("-e .") == 1
    assert "-e ." not in lines(DEVELOPER)  # the learner's part has it


def test_colab_does_not_have_the_package():
    assert "-e ." not in lines(COLABS)


@pytest.mark.parametrize("name", ["pyproject.toml", "environment.yml", "Makefile", *LOCKS])
def test_no_address_and_no_path_of_a_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for trace in ("://", "--index", "--extra-index", "--find-links", "file:", "/tmp", "/home"):
        assert trace not in text, trace


def test_conda_installs_the_same():
    environment = yaml(ROOT / "environment.yml")
    assert environment["name"] == PROJECT["name"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    python, pip, from_pip = environment["dependencies"]
    assert pip == "pip"
    assert from_pip == {"pip": ["-r requirements.txt"]}
    accepted = SpecifierSet(python.removeprefix("python "))
    assert all(accepted.contains(f"{known}.1") for known in PYTHONS)
    assert not accepted.contains(f"3.{OLDEST[1] - 1}.9")
    assert not accepted.contains(f"3.{NEWEST[1] + 1}.0")


def test_the_same_pythons_everywhere():
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    known = "Programming Language :: Python :: "
    named = [c.removeprefix(known) for c in PROJECT["classifiers"] if c.startswith(known)]
    assert named == PYTHONS
    jobs = yaml(ROOT / ".github/workflows/ci.yml")["jobs"]
    assert jobs["linux"]["strategy"]["matrix"]["python"] == PYTHONS


def test_colab_is_colab():
    written = {
        pin.name: version(pin) for pin in pins("tests/constraints-colab.txt") if pin.specifier
    }
    assert COLAB.items() <= written.items()
    locked = {pin.name: version(pin) for pin in pins("tests/requirements-colab.txt")}
    assert written.items() <= locked.items()
    # JupyterLab 4 does not draw ipywidgets 7
    assert written["jupyterlab"].startswith("3.6.")
    assert written["jupyterlab-widgets"].startswith("1.1.")


def test_colab_is_within_the_ranges():
    for requirement in declared():
        assert requirement.specifier.contains(COLAB[requirement.name]), requirement.name


@pytest.mark.slow
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_fits_its_schema(path):
    words = ["check_jsonschema", "--builtin-schema", "vendor.github-workflows", path]
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_cover_every_system_and_every_way_in():
    jobs = yaml(ROOT / ".github/workflows/ci.yml")["jobs"]
    systems = {name: job["runs-on"] for name, job in jobs.items()}
    ways = {"colab": "test-colab", "package": "test-package", "site": "test-site"}
    assert systems == {
        "linux": "ubuntu-latest",
        "macos": "macos-latest",
        "windows": "windows-latest",
        **dict.fromkeys(ways, "ubuntu-latest"),
    }
    for name, task in ways.items():
        assert jobs[name]["steps"][-1]["run"] == f"make {task} PYTHON=python"


def test_once_a_month_all_is_run():
    monthly = yaml(ROOT / ".github/workflows/monthly.yml")
    assert re.fullmatch(r"\d+ \d+ \d+ \* \*", monthly["on"]["schedule"][0]["cron"])
    (job,) = monthly["jobs"].values()
    assert job["steps"][-1]["run"] == f"make {' '.join(WAYS)} PYTHON=python"


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / ".ci/run"], ids=lambda path: path.stem)
def test_ci_calls_tasks_that_exist(path):
    text = path.read_text(encoding="utf-8")
    calls = re.findall(r"^[^#\n]*(?:make|python tasks\.py) ([^|>\n\d]+)", text, re.MULTILINE)
    words = {word for call in calls for word in call.split() if re.fullmatch("[a-z-]+", word)}
    assert words
    assert words - {"--upgrade"} <= set(tasks.TASKS)


def test_ci_runs_everything():
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert 'make PYTHON="$PYTHON" lint test ' in text
    assert f"for way in {' '.join(WAYS[2:])}; do" in text


@pytest.mark.parametrize(("name", "task"), [("colab", "colab"), ("pages", "test-site")])
def test_what_is_published_is_what_a_task_builds(name, task):
    (job,) = [
        job
        for job in yaml(ROOT / f".github/workflows/{name}.yml")["jobs"].values()
        if any("make" in step.get("run", "") for step in job["steps"])
    ]
    (call,) = [step["run"] for step in job["steps"] if "make" in step.get("run", "")]
    assert call.startswith(f"make {task} PYTHON=python")


def test_ci_requires_a_browser():
    assert "export KERNELFIT_REQUIRE_BROWSER=1" in (ROOT / ".ci/run").read_text(encoding="utf-8")

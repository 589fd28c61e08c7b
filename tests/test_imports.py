"""What `import kernelfit` gives, and what it leaves alone."""

import importlib
import subprocess
import sys
from importlib import metadata, resources

import pytest

import kernelfit as kf

STEPS = """
import sys
print(*sys.modules)
import kernelfit as kf
kf.LinearRegression().fit(kf.load("forbes").X, kf.load("forbes").y)
print(*sys.modules)
import kernelfit.symbolic
print(*sys.modules)
import kernelfit.proofs
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded():
    """The modules that a fresh process has loaded: at first, with the core, symbolic, proofs."""
    done = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, check=True)
    return [set(line.split()) for line in done.stdout.splitlines()]


def test_the_core_loads_neither_sympy_nor_matplotlib_nor_widgets(loaded):
    _, core, *_ = loaded
    assert "kernelfit.least_squares" in core
    assert not core & {"sympy", "matplotlib", "ipywidgets", "anywidget", "IPython", "pandas"}


def test_the_core_loads_nothing_but_numpy_and_scipy(loaded):
    start, core, *_ = loaded
    packages = {name.partition(".")[0] for name in core - start} - set(sys.stdlib_module_names)
    assert {name for name in packages if not name.startswith("_")} <= {
        "kernelfit",
        "numpy",
        "scipy",
    }


def test_symbolic_is_the_module_that_brings_sympy(loaded):
    assert "sympy" in loaded[2]


def test_proofs_add_nothing_to_sympy(loaded):
    assert "kernelfit.proofs.decision" in loaded[3]
    assert not loaded[3] & {"matplotlib", "ipywidgets", "anywidget", "IPython", "pandas"}


def test_the_public_names_are_explicit_and_exist():
    assert sorted(kf.__all__) == kf.__all__
    for name in kf.__all__:
        assert hasattr(kf, name)
    for name in ("LinearRegression", "load", "dataset_names", "InputError", "RankWarning"):
        assert name in kf.__all__


def test_one_version():
    assert kf.__version__ == metadata.version("kernelfit")


def test_the_package_says_that_it_is_typed():
    assert resources.files("kernelfit").joinpath("py.typed").is_file()


def test_what_is_loaded_ahead_leaves_no_name_behind():
    ahead = importlib.import_module("kernelfit._ahead")
    assert {"kernelfit.views", "matplotlib.pyplot", "sympy"} <= sys.modules.keys()
    assert [name for name in vars(ahead) if not name.startswith("__")] == []

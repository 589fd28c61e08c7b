"""Regression and kernels: the small package under the course."""

from ._checks import InputError, NotFittedError, RankWarning
from .datasets import Dataset, dataset_names, load
from .least_squares import LinearRegression
from .polynomial import PolynomialRegression

__version__ = "0.1.0"

__all__ = [
    "Dataset",
    "InputError",
    "LinearRegression",
    "NotFittedError",
    "PolynomialRegression",
    "RankWarning",
    "__version__",
    "dataset_names",
    "load",
]

"""Regression and kernels: the small package under the course."""

from ._browser import speak_up as _speak_up
from ._checks import InputError, NotFittedError, RankWarning
from .cluster import summarize_dask
from .datasets import Dataset, dataset_names, load
from .features import Nystrom, RandomFourier
from .gaussian_process import GaussianProcess
from .kernel_regression import KernelRegression
from .kernels import (
    Brownian,
    Constant,
    Feature,
    Gaussian,
    Laplacian,
    Legendre,
    Linear,
    Periodic,
    Polynomial,
    PowerSum,
    exp,
)
from .least_squares import LinearRegression
from .polynomial import PolynomialRegression
from .scaling import LeastSquaresSummary, LinearFunction, summarize
from .selection import choose_degree, choose_kernel, leave_one_out

__version__ = "0.1.0"

_speak_up()

__all__ = [
    "Brownian",
    "Constant",
    "Dataset",
    "Feature",
    "Gaussian",
    "GaussianProcess",
    "InputError",
    "KernelRegression",
    "Laplacian",
    "LeastSquaresSummary",
    "Legendre",
    "Linear",
    "LinearFunction",
    "LinearRegression",
    "NotFittedError",
    "Nystrom",
    "Periodic",
    "Polynomial",
    "PolynomialRegression",
    "PowerSum",
    "RandomFourier",
    "RankWarning",
    "__version__",
    "choose_degree",
    "choose_kernel",
    "dataset_names",
    "exp",
    "leave_one_out",
    "load",
    "summarize",
    "summarize_dask",
]

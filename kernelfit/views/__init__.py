"""What the sliders of the lessons drive: one module a lesson, one shared stage."""

from collections.abc import Callable
from typing import Any

from kernelfit.views.lesson00 import Bell
from kernelfit.views.lesson01 import ErrorBowl, TwoDirections
from kernelfit.views.lesson02 import FarFromZero, TwoEquations
from kernelfit.views.view import View

bell = Bell
error_bowl = ErrorBowl
two_directions = TwoDirections
two_equations = TwoEquations
far_from_zero = FarFromZero

ALL: dict[str, Callable[..., View[Any, Any]]] = {
    view.name: view for view in (Bell, ErrorBowl, TwoDirections, TwoEquations, FarFromZero)
}

__all__ = ["ALL", "View", "bell", "error_bowl", "far_from_zero", "two_directions", "two_equations"]

"""What the sliders of the lessons drive: one module a lesson, one shared stage."""

from collections.abc import Callable
from typing import Any

from kernelfit.views.lesson00 import Bell
from kernelfit.views.lesson01 import ErrorBowl, TwoDirections
from kernelfit.views.lesson02 import FarFromZero, TwoEquations
from kernelfit.views.lesson03 import LongValley, PlaneThroughTrees
from kernelfit.views.lesson03_projection import Projection
from kernelfit.views.lesson04 import DegreeSlider, RollingDown
from kernelfit.views.lesson05 import CertifiedDigits, FilipFit, SquashedCircle
from kernelfit.views.lesson06 import LiftedDoses, LiftedRing
from kernelfit.views.lesson06_surface import KernelSurface
from kernelfit.views.view import View

bell = Bell
error_bowl = ErrorBowl
two_directions = TwoDirections
two_equations = TwoEquations
far_from_zero = FarFromZero
plane_through_trees = PlaneThroughTrees
projection = Projection
long_valley = LongValley
degree_slider = DegreeSlider
rolling_down = RollingDown
filip_fit = FilipFit
squashed_circle = SquashedCircle
certified_digits = CertifiedDigits
lifted_doses = LiftedDoses
lifted_ring = LiftedRing
kernel_surface = KernelSurface

ALL: dict[str, Callable[..., View[Any, Any]]] = {
    view.name: view
    for view in (
        Bell,
        ErrorBowl,
        TwoDirections,
        TwoEquations,
        FarFromZero,
        PlaneThroughTrees,
        Projection,
        LongValley,
        DegreeSlider,
        RollingDown,
        FilipFit,
        SquashedCircle,
        CertifiedDigits,
        LiftedDoses,
        LiftedRing,
        KernelSurface,
    )
}

__all__ = [
    "ALL",
    "View",
    "bell",
    "certified_digits",
    "degree_slider",
    "error_bowl",
    "far_from_zero",
    "filip_fit",
    "kernel_surface",
    "lifted_doses",
    "lifted_ring",
    "long_valley",
    "plane_through_trees",
    "projection",
    "rolling_down",
    "squashed_circle",
    "two_directions",
    "two_equations",
]

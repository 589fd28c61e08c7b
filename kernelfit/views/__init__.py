"""What the sliders of the lessons drive: one module a lesson, one shared stage."""

from collections.abc import Callable
from typing import Any

from kernelfit.views.colab import allow_custom_widgets
from kernelfit.views.lesson00 import Bell
from kernelfit.views.lesson01 import ErrorBowl, TwoDirections
from kernelfit.views.lesson02 import FarFromZero, TwoEquations
from kernelfit.views.lesson03 import LongValley, PlaneThroughTrees
from kernelfit.views.lesson03_projection import Projection
from kernelfit.views.lesson04 import DegreeSlider, RollingDown
from kernelfit.views.lesson05 import CertifiedDigits, FilipFit, SquashedCircle
from kernelfit.views.lesson06 import LiftedDoses, LiftedRing
from kernelfit.views.lesson06_surface import KernelSurface
from kernelfit.views.lesson07 import ImpossibleTriangle
from kernelfit.views.lesson07_laboratory import Laboratory
from kernelfit.views.lesson08 import KernelCalculator
from kernelfit.views.lesson08_co2 import TrendAndSeason
from kernelfit.views.lesson09 import AddingPieces, HowWide
from kernelfit.views.lesson09_flat import FlatLimit
from kernelfit.views.lesson10 import PolynomialByKernel
from kernelfit.views.lesson10_shadow import ShadowOfWeights
from kernelfit.views.lesson11 import RidgeAndWidth
from kernelfit.views.lesson11_unseen import UnseenPart
from kernelfit.views.lesson12 import ErrorMap, LeaveOneOut
from kernelfit.views.lesson12_folds import RandomOrBlocks
from kernelfit.views.lesson13 import HowSure
from kernelfit.views.lesson13_evidence import Evidence
from kernelfit.views.lesson14 import FewBumps
from kernelfit.views.lesson14_waves import RandomWaves
from kernelfit.views.lesson15 import Workbench
from kernelfit.views.view import View

allow_custom_widgets()

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
impossible_triangle = ImpossibleTriangle
laboratory = Laboratory
kernel_calculator = KernelCalculator
trend_and_season = TrendAndSeason
adding_pieces = AddingPieces
how_wide = HowWide
flat_limit = FlatLimit
polynomial_by_kernel = PolynomialByKernel
shadow_of_weights = ShadowOfWeights
ridge_and_width = RidgeAndWidth
unseen_part = UnseenPart
leave_one_out = LeaveOneOut
error_map = ErrorMap
random_or_blocks = RandomOrBlocks
how_sure = HowSure
evidence = Evidence
few_bumps = FewBumps
random_waves = RandomWaves
workbench = Workbench

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
        ImpossibleTriangle,
        Laboratory,
        KernelCalculator,
        TrendAndSeason,
        AddingPieces,
        HowWide,
        FlatLimit,
        PolynomialByKernel,
        ShadowOfWeights,
        RidgeAndWidth,
        UnseenPart,
        LeaveOneOut,
        ErrorMap,
        RandomOrBlocks,
        HowSure,
        Evidence,
        FewBumps,
        RandomWaves,
        Workbench,
    )
}

__all__ = [
    "ALL",
    "View",
    "adding_pieces",
    "bell",
    "certified_digits",
    "degree_slider",
    "error_bowl",
    "error_map",
    "evidence",
    "far_from_zero",
    "few_bumps",
    "filip_fit",
    "flat_limit",
    "how_sure",
    "how_wide",
    "impossible_triangle",
    "kernel_calculator",
    "kernel_surface",
    "laboratory",
    "leave_one_out",
    "lifted_doses",
    "lifted_ring",
    "long_valley",
    "plane_through_trees",
    "polynomial_by_kernel",
    "projection",
    "random_or_blocks",
    "random_waves",
    "ridge_and_width",
    "rolling_down",
    "shadow_of_weights",
    "squashed_circle",
    "trend_and_season",
    "two_directions",
    "two_equations",
    "unseen_part",
    "workbench",
]

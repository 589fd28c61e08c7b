"""Prove or refute that a formula is a kernel function."""

from .claims import Unsound
from .decision import decide
from .parser import parse
from .refutation import Asymmetry, NegativeForm
from .verdict import Verdict

__all__ = ["Asymmetry", "NegativeForm", "Unsound", "Verdict", "decide", "parse"]

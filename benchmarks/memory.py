"""How much memory a piece of work takes, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path

MEASURING = 0.05  # of an array, for what the system hands out in pages


def arrays_of(script: str, name: str, n: int) -> float | None:
    """The memory in n x n arrays of 8 bytes a number; None where that is not known.

    The script is started again with ``--memory-of NAME --points N`` and calls ``print_bytes``.
    """
    if util.find_spec("resource") is None:
        return None
    command = [sys.executable, str(Path(script).resolve()), "--memory-of", name, "--points", str(n)]
    return float(subprocess.check_output(command, text=True)) / (8 * n**2)


def print_bytes(work: Callable[[], object], small: Callable[[], object]) -> None:
    """What runs in that process: by how much ``work`` raises the highest resident size.

    ``small`` is the same work on little data, which loads the libraries.
    """
    small()
    before = _highest_resident_size()
    work()
    print(_highest_resident_size() - before)


def above_the_interpreter() -> int:
    """The highest resident size of this process less that of a Python that does nothing."""
    script = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import memory; "
    script += "print(memory._highest_resident_size())"
    bare = int(subprocess.check_output([sys.executable, "-c", script], text=True))
    return _highest_resident_size() - bare


def _highest_resident_size() -> int:
    status = Path("/proc/self/status")  # Linux: this does not begin with the parent's highest size
    if status.exists():
        (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    resource = import_module("resource")
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024

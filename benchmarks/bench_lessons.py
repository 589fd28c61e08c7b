"""How long a lesson takes to run: from a fresh kernel to its first view and to its last cell.

Beside it stands, in the same run, a kernel that only loads the libraries which the lesson's views
and derivations stand on: numpy, matplotlib with a figure, ipywidgets and sympy.

The promise: a lesson shows its first view within 10 seconds and has run to its end within 60.

    python benchmarks/bench_lessons.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from machine import print_machine  # noqa: E402
from page import head, row, said  # noqa: E402

import tasks  # noqa: E402

FIRST_VIEW, WHOLE = 10.0, 60.0  # seconds
LIBRARIES = """
import ipywidgets
import matplotlib.pyplot as plt
import numpy
import sympy
plt.plot([0, 1]);
"""


def seconds(book: NotebookNode) -> tuple[float, float]:
    """Until the first view is there (the end, where there is none), and until the last cell."""
    moments: dict[str, float] = {}
    client = NotebookClient(
        nbformat.from_dict(book),
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
        on_cell_executed=lambda cell, **_: moments.setdefault(cell.id, time.perf_counter()),
    )
    start = time.perf_counter()
    client.execute(env={**tasks.with_compiled_files(), "TQDM_DISABLE": "1"})
    end = max(moments.values())
    views = [moment for name, moment in moments.items() if name.startswith("view-")]
    return min(views, default=end) - start, end - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="of each lesson (3)")
    options, _ = parser.parse_known_args()  # `make bench` gives all benchmarks the same words
    print_machine("kernelfit", "jupyterlab", "ipykernel", "nbclient", "sympy", "matplotlib")
    # what jupyter_client says of its sockets at each start, for a kernel on this machine
    logging.getLogger("jupyter_client").setLevel(logging.ERROR)
    libraries = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LIBRARIES)])
    print(f"\n{'seconds, medians':<36} {'first view':>10} {'whole':>7} {'libraries':>9}")
    head("seconds", "first view", "whole lesson", "the libraries alone")
    broken = False
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        book = nbformat.read(path, as_version=4)
        rounds = [(*seconds(book), seconds(libraries)[1]) for _ in range(options.rounds)]
        first, whole, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
        good = first <= FIRST_VIEW and whole <= WHOLE
        broken = broken or not good
        verdict = "kept" if good else "BROKEN"
        print(f"{path.stem:<36} {first:>10.1f} {whole:>7.1f} {bare:>9.1f}  {verdict}", flush=True)
        row(path.stem, *(f"{value:.1f}" for value in (first, whole, bare)))
    said(f"{FIRST_VIEW:.0f} seconds at most to the first view, {WHOLE:.0f} to the end", not broken)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())

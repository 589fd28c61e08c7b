"""The page that `make bench` writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

import page  # noqa: E402


def test_every_benchmark_has_its_place() -> None:
    assert set(page.HEADINGS) == {path.stem for path in BENCHMARKS.glob("bench_*.py")}


def test_a_page_shows_tables_promises_and_what_is_missing() -> None:
    entries = [
        {"machine": "a machine", "versions": {"numpy": "2.0"}},
        {"head": ["", "kernelfit", "numpy"]},
        {"row": ["|x|", "1 s", "4 s"]},
        {"promise": "4 times: kept"},
    ]
    text = page.page([{"script": "bench_gram", **entry} for entry in entries])
    part = text.split("## The Gaussian's Gram matrix")[1].split("## ")[0]
    assert part.split("\n\n")[1:] == [
        "|  | kernelfit | numpy |\n| --- | --- | --- |\n| &#124;x&#124; | 1 s | 4 s |",
        "Promised:",
        "- 4 times: kept",
        "",
    ]
    assert "a machine" in text
    assert "numpy 2.0" in text
    assert text.count("Nothing was measured") == len(page.HEADINGS) - 1


def test_a_benchmark_hands_in_only_while_a_page_is_made(tmp_path: Path) -> None:
    script = tmp_path / "bench_gram.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r})\n"
        "from page import head, row, said\n"
        "head('a'); row('b'); said('c', False)\n"
    )
    figures = tmp_path / "figures"
    subprocess.run([sys.executable, script], check=True)
    assert not figures.exists()
    variables = {"KERNELFIT_FIGURES": str(figures)}
    printed = subprocess.check_output([sys.executable, script], env=variables, text=True)
    assert printed == "  c: BROKEN\n"
    entries = [json.loads(line) for line in figures.read_text().splitlines()]
    assert [entry.pop("script") for entry in entries] == ["bench_gram"] * 3
    assert entries == [{"head": ["a"]}, {"row": ["b"]}, {"promise": "c: **BROKEN**"}]

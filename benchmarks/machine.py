"""The lines that every benchmark begins with: where and with what it was measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from page import hand_in
from threadpoolctl import threadpool_info


def print_machine(*packages: str, **others: str) -> None:
    """System, load and versions; others are versions of what is no Python package."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{machine()}{load}, Python {platform.python_version()}")
    versions = {package: version(package) for package in packages} | others
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    hand_in(machine=machine(), versions={"Python": platform.python_version(), **versions})


def machine() -> str:
    """Its processor, where Linux says which, its cores and its system."""
    system = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return ", ".join([*names[:1], system])


def print_arithmetic(*packages: str) -> None:
    """The same, and the libraries of linear algebra that do the work."""
    blas = {
        f"{found['internal_api']} {found['version']} with {found['num_threads']} threads"
        for found in threadpool_info()
        if found["user_api"] == "blas"
    }
    print_machine(*packages, BLAS=" and ".join(sorted(blas)) or "unknown")
    print(flush=True)

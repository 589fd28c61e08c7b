"""The lines that every benchmark begins with: where and with what it was measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from threadpoolctl import threadpool_info


def print_machine(*packages: str) -> None:
    """System, load and versions."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"{platform.platform()}, {os.cpu_count()} cores{load}, Python {platform.python_version()}"
    )
    print(", ".join(f"{package} {version(package)}" for package in packages))


def print_arithmetic(*packages: str) -> None:
    """The same, and the libraries of linear algebra that do the work."""
    print_machine(*packages)
    blas = {
        f"{found['internal_api']} {found['version']} with {found['num_threads']} threads"
        for found in threadpool_info()
        if found["user_api"] == "blas"
    }
    print(f"BLAS: {', '.join(sorted(blas)) or 'unknown'}\n", flush=True)

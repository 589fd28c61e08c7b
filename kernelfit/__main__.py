"""``python -m kernelfit lessons DIR``: the lessons, copied out of the installed package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kernelfit._checks import InputError
from kernelfit.lessons import copy_lessons, fresh_copy, shipped_lessons


def main(arguments: list[str] | None = None) -> int:
    """Do what the words of the command line say; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kernelfit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="lessons")
    lessons = commands.add_parser(
        "lessons",
        help="copy the lessons into a folder",
        description="Copy the lessons into a folder. A copy that you have changed stays as it is.",
    )
    lessons.add_argument("folder", type=Path, metavar="DIR", help="made when it is not there")
    lessons.add_argument(
        "--reset",
        metavar="NN",
        help="put lesson NN back as it was shipped; yours is kept under another name",
    )
    words = parser.parse_args(arguments)
    try:
        source = shipped_lessons()
        if words.reset:
            said = [fresh_copy(source, words.folder, words.reset)]
        else:
            said = copy_lessons(source, words.folder)
            said = said or [f"{words.folder} has all lessons: there was nothing to copy."]
    except InputError as reason:
        print(f"The lessons could not be copied: {reason}", file=sys.stderr)
        return 1
    except OSError as reason:  # a file of that name, no right to write there, a full disk
        print(
            f"The lessons could not be copied: {reason}. Name a folder that can be written to, "
            f"with 10 MB to spare.",
            file=sys.stderr,
        )
        return 1
    print("\n".join(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())

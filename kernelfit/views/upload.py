"""A place in the page for the learner's own file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

MOST = 10_000_000  # bytes; a notebook server takes messages of 10 MiB


class Upload(anywidget.AnyWidget):
    """A button to choose a file and room to drop one; both ends work with ipywidgets 7.7 and 8.

    Parameters
    ----------
    on_file : called with the name and the content of each file; what it returns is shown.
    """

    _esm = Path(__file__).parent / "upload.js"
    _css = Path(__file__).parent / "upload.css"

    most = traitlets.Int(MOST).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, on_file: Callable[[str, bytes], str]) -> None:
        super().__init__()
        self._on_file = on_file
        self.on_msg(self._received)

    def _received(self, widget: Any, content: Any, buffers: list[Any]) -> None:
        """A file has come; no content of the message is trusted to be what the page sends."""
        name = str(content.get("name", "")) if isinstance(content, dict) else ""
        raw = bytes(buffers[0]) if buffers else b""
        self.said = ""  # the same words again are said again
        try:
            self.said = self._on_file(name[:200] or "the file", raw)
        except Exception as problem:  # which the widget's own machinery would only log
            self.said = f"{type(problem).__name__}: {problem}"
            raise

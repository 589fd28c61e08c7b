"""Google Colab draws widgets that are not its own only when it is asked to."""

from __future__ import annotations

import sys


def allow_custom_widgets() -> None:
    """Ask Colab to draw the stage and the upload; elsewhere there is nothing to do."""
    if "google.colab" in sys.modules:  # every kernel of Colab has it loaded
        from google.colab import output

        output.enable_custom_widget_manager()

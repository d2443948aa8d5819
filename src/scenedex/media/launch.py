"""Main program of the media child: enter namespaces, before anything else is imported, and go on in `bootstrap`.

Its arguments are its name, the process id of the worker, and the descriptor of the media.
"""

from __future__ import annotations

import gc
import sys

from scenedex.media.namespaces import enter_namespaces


def main() -> None:
    """Enter namespaces and go on as the child."""
    # What is imported is not garbage. `bootstrap` goes on collecting before the media is opened.
    gc.disable()
    origin = enter_namespaces(int(sys.argv[2]), int(sys.argv[3])) if sys.platform == "linux" else None
    from scenedex.media.bootstrap import main as go_on  # noqa: PLC0415  # the process that waits needs none of it

    go_on(origin)

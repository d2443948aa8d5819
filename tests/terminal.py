"""Commands in a terminal of their own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Shown:
    """Output of a command in a terminal, without escape sequences."""

    status: int
    text: str

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.text.replace("\r\n", "\n").splitlines()]


def in_terminal(
    *words: str,
    environment: Mapping[str, str] | None = None,
    columns: int = 100,
    interrupt_at: str | None = None,
    seconds: float = 90,
) -> Shown:
    """Run a command in a terminal, and type Ctrl-C once the given text is shown."""
    terminal, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    variables = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "scenedex", *words],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**variables, "TERM": "xterm", **(environment or {})},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # the test has one thread
    )
    os.close(inner)
    shown, deadline, is_typed = "", time.monotonic() + seconds, False
    try:
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                part = os.read(terminal, 65536)
            except OSError:  # the last process of the terminal has ended
                break
            if not part:
                break
            shown += part.decode(errors="replace")
            if interrupt_at is not None and not is_typed and interrupt_at in _ESCAPES.sub("", shown):
                os.write(terminal, b"\x03")
                is_typed = True
        return Shown(process.wait(60), _ESCAPES.sub("", shown))
    finally:
        process.kill()
        process.wait()
        os.close(terminal)

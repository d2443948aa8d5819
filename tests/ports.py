"""Ports of this machine for servers of tests.

A port that the system picks for a probe may be given to a connection of any process once the probe is closed. These are
below those that it gives to connections, and each is reserved for the process that has asked for it, until it ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST: Final = 20_000
_END: Final = 32_000
# Locks of the reserved ports, which the system releases with this process.
_HELD: Final = ExitStack()


def free_port(companions: Sequence[int] = ()) -> int:
    """Reserve a free port of loopback to which the ports at these distances are free as well."""
    folder = Path(tempfile.gettempdir()) / f"scenedex-test-ports-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    begin = _FIRST + os.getpid() * 16 % (_END - _FIRST)
    for port in chain(range(begin, _END), range(_FIRST, begin)):
        with ExitStack() as tried:
            try:
                descriptor = os.open(folder / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                tried.callback(os.close, descriptor)
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with ExitStack() as probes:
                    for distance in (0, *companions):
                        probes.enter_context(socket.create_server(("127.0.0.1", port + distance)))
            except OSError:
                continue
            _HELD.push(tried.pop_all())
            return port
    msg = f"no port from {_FIRST} to {_END} is free"
    raise AssertionError(msg)

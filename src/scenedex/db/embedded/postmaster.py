"""State of a running server, observed from outside."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.configuration import PORT
from scenedex.db.embedded.locks import is_locked

if TYPE_CHECKING:
    from scenedex.db.embedded.folders import ServerFolder

_CONNECT_LIMIT_S = 2.0
_MACOS_SOL_LOCAL = 0
_MACOS_LOCAL_PEERPID = 2


@dataclass(frozen=True, slots=True)
class PostmasterFile:
    """Last status that a server wrote, valid only while it lives."""

    socket_folder: Path
    is_ready: bool = False
    is_stopping: bool = False

    @classmethod
    def read(cls, server: ServerFolder) -> PostmasterFile | None:
        """Read the file of the cluster, or return `None` if it is absent or incomplete."""
        try:
            lines = server.postmaster_file.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return None
        match lines:
            case [_, _, _, _, folder, _, _, status, *_] if folder:
                return cls(Path(folder), status.strip() == "ready", status.strip() == "stopping")
            case [_, _, _, _, folder, *_] if folder:
                return cls(Path(folder))
            case _:
                return None


def socket_path(folder: Path) -> Path:
    """Return the path of the server's socket in a folder."""
    return folder / f".s.PGSQL.{PORT}"


def ready_socket_folder(server: ServerFolder) -> Path | None:
    """Return the socket folder of a server that accepts connections, or `None` if there is none."""
    found = PostmasterFile.read(server)
    if found is None or not found.is_ready or not is_locked(server.lock):
        return None
    return found.socket_folder if listener(found.socket_folder) is not None else None


def listener(folder: Path) -> int | None:
    """Return the process id of the server behind a socket, 0 if it is not visible, or `None` if none listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_CONNECT_LIMIT_S)
        try:
            connection.connect(os.fsencode(socket_path(folder)))
            if sys.platform == "linux":
                credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
                return int(struct.unpack("3i", credentials)[0])
            return connection.getsockopt(_MACOS_SOL_LOCAL, _MACOS_LOCAL_PEERPID)
        except BlockingIOError:
            return 0
        except OSError:
            return None


def has_exited(pid: int) -> bool:
    """Return whether a process has ended, even if its parent has not reaped it."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return True
    if sys.platform != "linux":
        return False
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] in {"Z", "X"}


def kill_leftovers(cluster_name: str) -> None:
    """Kill the visible processes of a cluster whose postmaster has died. The others end by themselves."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            title = entry.read_bytes()
            if title.startswith(f"postgres: {cluster_name}:".encode()) or (
                f"cluster_name={cluster_name}".encode() in title.split(b"\0")
            ):
                os.kill(int(entry.parent.name), signal.SIGKILL)

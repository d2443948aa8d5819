"""Attempts of a taken-over decoder through the library of Python, and what all attempts share."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.media.opened import OpenedMedia

_F_SETSIG, _F_SETOWN_EX, _F_NOTIFY, _F_SETPIPE_SZ = 10, 15, 1026, 1031
_FIOSETOWN, _SIOCSPGRP, _TIOCSTI = 0x8901, 0x8902, 0x5412


class Targets(msgspec.Struct, frozen=True):
    """What the child reaches for.

    Attributes:
        victim: a file that is not its own.
        process: a process of the worker's user.
    """

    victim: str = ""
    process: int = 0


def plain(act: Callable[[], object]) -> Callable[[OpenedMedia, Targets], object]:
    def attempt(_opened: OpenedMedia, _targets: Targets) -> object:
        found = act()
        return "done" if found is None else found

    return attempt


def at_process(act: Callable[[int], object]) -> Callable[[OpenedMedia, Targets], object]:
    def attempt(_opened: OpenedMedia, targets: Targets) -> object:
        act(targets.process)
        return "done"

    return attempt


def _signal_by_pipe(targets: Targets, command: int, value: int | bytes) -> str:
    """Have the kernel send SIGUSR1 to a process when a byte arrives."""
    reading, writing = os.pipe()
    fcntl.fcntl(reading, command, value)
    fcntl.fcntl(reading, _F_SETSIG, signal.SIGUSR1)
    fcntl.fcntl(reading, fcntl.F_SETFL, fcntl.fcntl(reading, fcntl.F_GETFL) | os.O_ASYNC)
    os.write(writing, b"x")
    return f"signalled {targets.process}"


def _owner_of_the_media(opened: OpenedMedia, command: int, value: int | bytes) -> str:
    fcntl.fcntl(opened.file.fileno(), command, value)
    return "set"


def _ioctl(opened: OpenedMedia, request: int, value: int) -> str:
    fcntl.ioctl(opened.file.fileno(), request, struct.pack("i", value))
    return "done"


def _secret_memory(_opened: OpenedMedia, _targets: Targets) -> str:
    descriptor = os.memfd_create("hidden")
    os.ftruncate(descriptor, 1024**2)
    return f"descriptor {descriptor}"


def _raise_limits(kind: int) -> str | None:
    _soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY:
        return "there is no limit"
    resource.setrlimit(kind, (hard + 1, hard + 1))
    return "raised"


def _write_into_worker(_opened: OpenedMedia, targets: Targets) -> str:
    with open(f"/proc/{targets.process}/mem", "r+b", buffering=0) as memory:  # unbuffered
        return memory.name


def _reopen_media(opened: OpenedMedia, _targets: Targets) -> str:
    descriptor = os.open(f"/proc/self/fd/{opened.file.fileno()}", os.O_RDWR)
    os.write(descriptor, b"defaced")
    return "written"


def _made(make: Callable[[str], object]) -> Callable[[OpenedMedia, Targets], object]:
    """Make something of that name in the work folder."""

    def attempt(opened: OpenedMedia, _targets: Targets) -> object:
        make(str(opened.work_dir / "made"))
        return "made"

    return attempt


def _own_file(change: Callable[[str], object]) -> Callable[[OpenedMedia, Targets], object]:
    """Change something about a file of the work folder."""

    def attempt(opened: OpenedMedia, _targets: Targets) -> object:
        path = opened.work_dir / "own"
        path.write_bytes(b"own")
        change(str(path))
        return "changed"

    return attempt


def _on_victim(act: Callable[[Path], object]) -> Callable[[OpenedMedia, Targets], object]:
    def attempt(_opened: OpenedMedia, targets: Targets) -> object:
        act(Path(targets.victim))
        return "done"

    return attempt


def _forked() -> str:
    if os.fork() == 0:
        os._exit(0)
    return "forked"


BY_LIBRARY: dict[str, Callable[[OpenedMedia, Targets], object]] = {
    "hidden files": _secret_memory,
    "shared memory of POSIX": lambda _opened, _targets: Path("/dev/shm/scenedex-hostile").write_bytes(b"x"),  # noqa: S108
    "signal by F_SETOWN": lambda _opened, targets: _signal_by_pipe(targets, fcntl.F_SETOWN, targets.process),
    "signal by F_SETOWN_EX": lambda _opened, targets: _signal_by_pipe(
        targets, _F_SETOWN_EX, struct.pack("ii", 1, targets.process)
    ),
    "owner of the media": lambda opened, targets: _owner_of_the_media(opened, fcntl.F_SETOWN, targets.process),
    "signal of the media": lambda opened, _targets: _owner_of_the_media(opened, _F_SETSIG, signal.SIGUSR1),
    "lease of the media": lambda opened, _targets: _owner_of_the_media(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    "lock of the media": lambda opened, _targets: fcntl.flock(opened.file, fcntl.LOCK_EX) or "locked",
    "record lock of the media": lambda opened, _targets: fcntl.lockf(opened.file, fcntl.LOCK_SH) or "locked",
    "notice of a folder": lambda _opened, _targets: fcntl.fcntl(os.open("/usr", os.O_RDONLY), _F_NOTIFY, 1),
    "large pipes": lambda _opened, _targets: fcntl.fcntl(os.pipe()[1], _F_SETPIPE_SZ, 1024**2),
    "owner by ioctl": lambda opened, targets: _ioctl(opened, _FIOSETOWN, targets.process),
    "group by ioctl": lambda opened, targets: _ioctl(opened, _SIOCSPGRP, targets.process),
    "type for the terminal": lambda opened, _targets: _ioctl(opened, _TIOCSTI, 65),
    "network": plain(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1)),
    "datagrams": plain(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    "sockets of this machine": plain(lambda: socket.socket(socket.AF_UNIX)),
    "pairs of sockets": plain(socket.socketpair),
    "sockets to the kernel": plain(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "virtual machines": plain(lambda: socket.socket(40, socket.SOCK_STREAM)),
    "fork": plain(_forked),
    "programs": plain(lambda: os.execv("/bin/true", ["true"])),  # noqa: S606  # that is the attempt
    "more memory": plain(lambda: _raise_limits(resource.RLIMIT_AS)),
    "more processor time": plain(lambda: _raise_limits(resource.RLIMIT_CPU)),
    "larger files": plain(lambda: _raise_limits(resource.RLIMIT_FSIZE)),
    "more descriptors": plain(lambda: _raise_limits(resource.RLIMIT_NOFILE)),
    "core files": plain(lambda: _raise_limits(resource.RLIMIT_CORE)),
    "memory of the worker": _write_into_worker,
    "environment of the worker": at_process(lambda pid: Path(f"/proc/{pid}/environ").read_bytes()),
    "descriptors of the worker": at_process(lambda pid: os.listdir(f"/proc/{pid}/fd")),
    "processes": plain(lambda: os.listdir("/proc")),
    "media for writing": _reopen_media,
    "folders": _made(os.mkdir),
    "symbolic links": _made(lambda path: os.symlink("/etc/passwd", path)),
    "devices": _made(lambda path: os.mknod(path, 0o20600, os.makedev(1, 3))),
    "named pipes": _made(os.mkfifo),
    "hard links": _own_file(lambda path: os.link(path, f"{path}-2")),
    "other names": _own_file(lambda path: os.rename(path, f"{path}-2")),
    "other modes": _own_file(lambda path: os.chmod(path, 0o4777)),
    "other owners": _own_file(lambda path: os.chown(path, 0, 0)),
    "other times": _own_file(lambda path: os.utime(path, (0, 0))),
    "attributes": _own_file(lambda path: os.setxattr(path, "user.mine", b"x")),
    "hidden bytes on disk": _own_file(os.unlink),
    "reserved bytes on disk": _own_file(lambda path: os.posix_fallocate(os.open(path, os.O_RDWR), 0, 4096)),
    "read a file": _on_victim(Path.read_bytes),
    "write a file": _on_victim(lambda path: path.write_text("mine")),
    "empty a file": _on_victim(lambda path: os.truncate(path, 0)),
    "remove a file": _on_victim(Path.unlink),
    "permit a file": _on_victim(lambda path: path.chmod(0o777)),
    "list a folder": _on_victim(lambda path: os.listdir(path.parent)),
    "users of the machine": plain(lambda: Path("/etc/passwd").read_bytes()),
    "root by a detour": plain(lambda: Path("/proc/self", "root", "etc", "passwd").read_bytes()),
    "connections of the machine": plain(lambda: Path("/proc/self/net/tcp").read_bytes()),
    "connections of a thread": plain(lambda: Path(f"/proc/self/task/{os.getpid()}/net/tcp").read_bytes()),
    "mounts of the machine": plain(lambda: Path("/proc/self/mountinfo").read_bytes()),
    "files without a name": lambda opened, _targets: os.open(opened.work_dir, os.O_TMPFILE | os.O_RDWR),
    "root folder": plain(lambda: os.listdir("/")),
    "its own priority in a lack of memory": plain(lambda: Path("/proc/self/oom_score_adj").write_text("-1")),
    "its own memory as a file": plain(lambda: Path("/proc/self/mem").open("r+b")),  # stays open
    "modules of the product": lambda _opened, _targets: Path(sys.modules["scenedex"].__file__ or "").open("r+b"),
}

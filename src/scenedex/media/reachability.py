"""Files of the media child in private folders of root, which another user could not search.

A private folder is covered in the child's mount namespace by an empty one, in which only the child's files appear.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Iterable, Sequence

_NEW_MOUNTS = 0x00020000
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_DETACH = 2


def make_reachable(
    libc: ctypes.CDLL, user_id: int, libraries: Sequence[str], weights: Sequence[str], work_dir: str | None
) -> bool:
    """Make all of these paths reachable for a user, in mounts of this process. Return whether they are.

    The process needs the privileges of root. Its mounts stay as they are if the answer is no.

    Args:
        libc: the C library.
        user_id: the user.
        libraries: folders and files of libraries. Files in a folder have the modes of those that are named.
        weights: folders of weights.
        work_dir: folder that belongs to the user.
    """
    paths = {path for name in (*libraries, *weights) if (path := Path(name)).is_absolute() and path.exists()}
    if not all(_is_open(path.stat()) for path in paths) or not all(_has_open_files(Path(name)) for name in weights):
        return False
    if work_dir is not None:
        paths.add(Path(work_dir))
    # A link may be in a private folder, or lead into one.
    paths |= {path.resolve() for path in paths}
    covered: dict[Path, list[Path]] = {}
    for path in sorted(paths):
        if (folder := _private_folder(path, user_id)) is not None:
            covered.setdefault(folder, []).append(path)
    if not covered:
        return True
    if libc.unshare(_NEW_MOUNTS) != 0 or not _mounted(libc, b"none", b"/", None, _RECURSIVE | _PRIVATE):
        return False
    for folder, inside in covered.items():
        if not _cover(libc, folder, _outermost(inside)):
            for started in covered:
                libc.umount2(bytes(started), _DETACH)
            return False
    return True


def _has_open_files(folder: Path) -> bool:
    if not folder.is_dir():
        return True
    with os.scandir(folder) as entries:
        return all(_is_open(entry.stat()) for entry in entries)


def _is_open(found: os.stat_result) -> bool:
    """Return whether everybody may read a file, or list and search a folder."""
    needed = 0o005 if stat.S_ISDIR(found.st_mode) else 0o004
    return found.st_mode & needed == needed


def _private_folder(path: Path, user_id: int) -> Path | None:
    """Return the outermost folder above a path that the user cannot search."""
    for folder in reversed(path.parents):
        found = folder.stat()
        if not found.st_mode & (stat.S_IXUSR if found.st_uid == user_id else stat.S_IXOTH):
            return folder
    return None


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Return the paths that are in no other of them."""
    found: list[Path] = []
    for path in sorted(paths):
        if not any(path.is_relative_to(other) for other in found):
            found.append(path)
    return found


def _cover(libc: ctypes.CDLL, folder: Path, inside: Sequence[Path]) -> bool:
    """Cover a folder by an empty one with these paths of it."""
    opened = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in inside]
    try:
        if not _mounted(
            libc, b"tmpfs", bytes(folder), b"mode=755,size=1m", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS, kind=b"tmpfs"
        ):
            return False
        return all(_bind(libc, descriptor, path) for path, descriptor in opened)
    finally:
        for _path, descriptor in opened:
            os.close(descriptor)


def _bind(libc: ctypes.CDLL, descriptor: int, path: Path) -> bool:
    before = os.umask(0o022)
    try:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    finally:
        os.umask(before)
    return _mounted(libc, f"/proc/self/fd/{descriptor}".encode(), bytes(path), None, _BIND | _RECURSIVE)


def _mounted(
    libc: ctypes.CDLL, source: bytes, target: bytes, options: bytes | None, flags: int, *, kind: bytes | None = None
) -> bool:
    return libc.mount(source, target, kind, flags, options) == 0

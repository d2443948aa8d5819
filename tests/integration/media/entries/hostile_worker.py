"""A worker with a hostile child, as a program: as the user who starts it, or as an ordinary one.

Usage: hostile_worker.py USER FOLDER FUNCTION PARAMETERS. USER is `same`, `ordinary`, or `confined`: an ordinary user
who may make no namespaces, as in a container. FOLDER holds the media, the work folder and a file of another.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.reachability import make_reachable
from scenedex.media.source import LocalFile

_NOBODY = 65534
_NEW_USER = 0x10000000
_PR_SET_DUMPABLE = 4
_ENTRIES = Path(__file__).parent
LIMITS = ChildLimits(
    memory_bytes=512 * 1024**2,
    cpu_seconds=60,
    wall_seconds=60,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=1,
    max_threads=64,
    max_files=1000,
)


class Outcome(msgspec.Struct, frozen=True):
    """Result of the child, and whether a process of the worker's user survived it."""

    result: Any = None
    error: str = ""
    victim_lives: bool = True


def main() -> None:
    user, folder, function, params = sys.argv[1:]
    place = Path(folder)
    if user != "same" and os.geteuid() == 0:
        _step_down(place, is_confined=user == "confined")
        os.execv(sys.executable, [sys.executable, __file__, "same", folder, function, params])  # noqa: S606
    with subprocess.Popen(["/bin/sleep", "600"]) as victim:
        decoded: dict[str, Any] = msgspec.json.decode(params)
        if function.startswith("hostile_child:try"):
            decoded |= {"victim": str(place / "victim"), "process": victim.pid}
        outcome = _run(place, function, decoded)
        lives = victim.poll() is None
        victim.kill()
    sys.stdout.buffer.write(msgspec.json.encode(msgspec.structs.replace(outcome, victim_lives=lives)))


def _run(place: Path, function: str, params: dict[str, Any]) -> Outcome:
    encoded = msgspec.defstruct("Params", [(name, Any) for name in params])(**params)
    try:
        result = asyncio.run(
            run_in_child(
                function,
                LocalFile(place / "media"),
                encoded,
                msgspec.Raw,
                limits=LIMITS,
                work_dir=place / "work",
                import_paths=[_ENTRIES],
            )
        )
    except Exception as error:  # noqa: BLE001  # the test judges
        return Outcome(error=f"{type(error).__name__}: {error}")
    return Outcome(msgspec.json.decode(result))


def _step_down(place: Path, *, is_confined: bool) -> None:
    """Become an ordinary user to whom the libraries of this process are readable."""
    libc = ctypes.CDLL(None, use_errno=True)
    libraries = [sys.prefix, sys.base_prefix, *filter(None, sys.path), str(_ENTRIES)]
    assert make_reachable(libc, _NOBODY, libraries, [], str(place))
    for path in (place, *place.iterdir()):
        os.chown(path, _NOBODY, _NOBODY)
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    if is_confined:
        assert libc.unshare(_NEW_USER) == 0
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{_NOBODY} {_NOBODY} 1")
        Path("/proc/self/gid_map").write_text(f"{_NOBODY} {_NOBODY} 1")
        Path("/proc/sys/user/max_user_namespaces").write_text("0")


if __name__ == "__main__":
    main()

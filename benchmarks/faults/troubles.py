"""Faults. Each function begins one, ends it after a while, and returns a short description."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from benchmarks.faults.site import DISK, MOUNT, STALLED_AFTER_S

from s3_proxy import Fault

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from benchmarks.faults.site import Site

    Trouble = Callable[[Site, random.Random], str]

CLOCK_FILE = "clock"
LONGEST_LOOK_S = 10


def kill_worker(site: Site, rng: random.Random) -> str:
    server = site.server
    alive = server.workers_at_work() or server.workers_of()
    server.kill([rng.choice(alive)] if alive else [])
    time.sleep(rng.uniform(0, 1))
    site.start()
    return "killed"


def kill_child(site: Site, _rng: random.Random) -> str:
    deadline = time.monotonic() + LONGEST_LOOK_S
    while not (found := site.server.decoders()) and time.monotonic() < deadline:
        time.sleep(0.01)
    site.server.kill(found)
    return f"{len(found)} killed"


def kill_api(site: Site, rng: random.Random) -> str:
    process = site.server.process
    assert process is not None
    process.kill()
    process.wait()
    time.sleep(rng.uniform(0, 3))
    site.start()
    return "killed, started again"


def kill_postgres(site: Site, rng: random.Random) -> str:
    if site.postgres is None:
        site.server.kill(site.server.pids("bin/postgres", str(site.server.data_dir)))
        return "killed; its supervisor starts it again"
    site.postgres.kill()
    away = rng.uniform(0, 8)
    time.sleep(away)
    site.postgres.start()
    return f"killed, away for {away:.1f} s and its start"


def kill_supervisor(site: Site, _rng: random.Random) -> str:
    server = site.server
    server.kill(server.pids("embedded.supervisor", str(server.data_dir)))
    server.kill(server.pids("bin/postgres", str(server.data_dir)))
    return "killed with its server"


def kill_all(site: Site, rng: random.Random) -> str:
    site.server.kill_everything()
    if site.postgres is not None:
        site.postgres.kill()
    time.sleep(rng.uniform(0, 2))
    if site.postgres is not None:
        site.postgres.start()
    site.start()
    return "all killed, all started again"


def freeze_worker(site: Site, rng: random.Random) -> str:
    """With the children of the worker every other time, so that it goes on with what it was at, or finds it done."""
    server = site.server
    alive = server.workers_at_work() or server.workers_of()
    if not alive:
        return "no worker was alive"
    worker = rng.choice(alive)
    frozen = [worker, *(server.decoders() if rng.random() < 0.5 else ())]
    seconds = STALLED_AFTER_S + rng.uniform(1, 6)
    _send(frozen, signal.SIGSTOP)
    time.sleep(seconds)
    _send(frozen, signal.SIGCONT)
    return f"frozen for {seconds:.0f} s"


def cut_database(site: Site, rng: random.Random) -> str:
    assert site.link is not None
    seconds = rng.choice((0, rng.uniform(0, 3), rng.uniform(8, 14)))
    site.link.cut()
    time.sleep(seconds)
    site.link.mend()
    return f"cut for {seconds:.1f} s"


def hold_database(site: Site, rng: random.Random) -> str:
    assert site.link is not None
    seconds = rng.uniform(2, 3 * STALLED_AFTER_S)
    site.link.hold()
    time.sleep(seconds)
    site.link.mend()
    return f"nothing came through for {seconds:.1f} s"


def cut_s3(site: Site, rng: random.Random) -> str:
    assert site.s3 is not None
    site.s3.go_away()
    time.sleep(seconds := rng.uniform(1, 6))
    site.s3.mend()
    return f"cut for {seconds:.1f} s"


def refuse_s3(site: Site, rng: random.Random) -> str:
    assert site.s3 is not None
    site.s3.fail("", "", Fault(status=503, code="SlowDown"), times=None, every=rng.randrange(1, 4))
    time.sleep(seconds := rng.uniform(2, 6))
    site.s3.mend()
    return f"503 for {seconds:.1f} s"


def slow_s3(site: Site, rng: random.Random) -> str:
    assert site.s3 is not None
    site.s3.fail("", "", Fault(delay_seconds=rng.uniform(0.5, 3)), times=None)
    time.sleep(seconds := rng.uniform(3, 6))
    site.s3.mend()
    return f"slow for {seconds:.1f} s"


def fill_disk(site: Site, rng: random.Random) -> str:
    """All at once, by making the disk as small as what is on it."""
    # What is written meanwhile makes that too small, and is refused.
    while not _resized(site, str(_used_bytes(site))):
        pass
    time.sleep(seconds := rng.uniform(3, 8))
    assert _resized(site, DISK)
    return f"full for {seconds:.1f} s"


def move_clock(site: Site, rng: random.Random) -> str:
    """Move the clock of the API and the workers. The clocks of the database and of the client are not changed."""
    clock = site.disk.parent / f"{site.disk.name}.{CLOCK_FILE}"
    seconds = rng.choice((-1, 1)) * rng.choice((30, 3600, 86400))
    set_clock(clock, seconds)
    time.sleep(rng.uniform(3, 8))
    set_clock(clock, 0)
    return f"by {seconds} s and back"


def set_clock(file: Path, seconds: int) -> None:
    other = file.with_suffix(".next")
    other.write_text(f"{seconds:+}\n")
    other.replace(file)


def _used_bytes(site: Site) -> int:
    status = os.statvfs(site.disk)
    return (status.f_blocks - status.f_bavail) * status.f_frsize


def _resized(site: Site, size: str) -> bool:
    command = [MOUNT, "-o", f"remount,size={size}", site.disk]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


EVERYWHERE: Mapping[str, Trouble] = {
    "kill-worker": kill_worker,
    "kill-child": kill_child,
    "kill-api": kill_api,
    "kill-postgres": kill_postgres,
    "kill-all": kill_all,
    "freeze-worker": freeze_worker,
    "disk-full": fill_disk,
    "clock": move_clock,
}
EMBEDDED: Mapping[str, Trouble] = {**EVERYWHERE, "kill-supervisor": kill_supervisor}
GROWN: Mapping[str, Trouble] = {
    **EVERYWHERE,
    "cut-database": cut_database,
    "hold-database": hold_database,
    "cut-s3": cut_s3,
    "refuse-s3": refuse_s3,
    "slow-s3": slow_s3,
}

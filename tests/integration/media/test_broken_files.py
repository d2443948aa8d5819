"""Broken and hostile files, a sample of `benchmarks/fuzz`: each is read or refused, and leads to no other file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from benchmarks.fuzz.corpus import cases
from benchmarks.fuzz.nasties import leading_elsewhere
from benchmarks.fuzz.outcomes import ODD_WORDS
from benchmarks.fuzz.seeds import all_seeds
from benchmarks.fuzz.tracing import allowed
from benchmarks.fuzz.walls import TRACED, Watched

from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from benchmarks.fuzz.seeds import Seed
    from tests.integration.media.conftest import Children
_ENTRIES = Path(__file__).parent / "entries"
_FILES = 62
# FFmpeg reports a lack of memory if a header has an impossible count.
_REFUSALS = {"", "MediaUnreadable", "MemoryError"}


# Process that strace follows: a parent with one media child.
_IN_A_CHILD = """
import asyncio, pathlib, sys, msgspec
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.source import LocalFile
entry, file, entries = sys.argv[1:]
limits = ChildLimits(
    memory_bytes=1024**3, cpu_seconds=60, wall_seconds=60, stall_seconds=60, file_size_bytes=0, max_pixels=4096**2
)
class Told(msgspec.Struct): pass
found = asyncio.run(run_in_child(
    "pack_entries:" + entry, LocalFile(pathlib.Path(file)), Told(), list[dict],
    limits=limits, import_paths=[pathlib.Path(entries)],
))
sys.stdout.buffer.write(msgspec.json.encode(found))
"""


class Outcome(msgspec.Struct, frozen=True):
    """Result of decoding a file, as in `entries/pack_entries.py`."""

    name: str
    seconds: float
    error: str
    words: str


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    return all_seeds(width=160, height=120, frames=4)


def packed(files: list[tuple[str, bytes]], folder: Path) -> LocalFile:
    """Pack all files into one, for one child."""
    path = folder / "files.pack"
    path.write_bytes(msgspec.msgpack.encode(files))
    return LocalFile(path)


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="looks at how Linux schedules this thread")
def test_making_the_files_leaves_this_process_as_it_was(seeds: list[Seed]) -> None:
    assert {seed.name for seed in seeds} >= {"mp4-av1-opus", "webm-av1-live"}
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_broken_files_of_every_format_are_read_or_refused_in_words(
    children: Children, seeds: list[Seed], tmp_path: Path
) -> None:
    files = [(case.name, case.data) for case in cases(seeds, seed=7, files=_FILES)]
    patient = children.limited(wall_seconds=120).on(packed(files, tmp_path))
    found = patient.run("read_each", list[Outcome], module="pack_entries")
    assert [one.name for one in found] == [name for name, _data in files]
    assert not [one for one in found if one.error not in _REFUSALS or ODD_WORDS.search(one.words)]
    assert 0 < sum(one.error == "" for one in found) < _FILES


def test_files_that_lead_elsewhere_lead_nowhere(seeds: list[Seed], tmp_path: Path) -> None:
    source = packed(list(leading_elsewhere(seeds).items()), tmp_path)
    watched, found = traced("read_each", source, tmp_path)
    assert watched.behind_walls == 1
    assert watched.opened > 0
    assert watched.breaches == []
    assert {one.error for one in found} <= _REFUSALS


def test_a_child_that_reaches_out_is_seen(tmp_path: Path) -> None:
    watched, _found = traced("reach_out", packed([], tmp_path), tmp_path)
    assert any("socket(" in line for line in watched.breaches)


def test_a_file_that_was_opened_outside_is_seen_whatever_its_name() -> None:
    watched = Watched(("/usr",))
    watched.feed(
        [
            '10 openat(AT_FDCWD</>, "/etc/hosts", O_RDONLY) = 3</etc/hosts>',
            "10 seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, {len=9}) = 0",
            "10 clone(child_stack=NULL, flags=CLONE_THREAD <unfinished ...>",
            '11 openat(AT_FDCWD</>, "/usr/link", O_RDONLY <unfinished ...>',
            "10 <... clone resumed>) = 11",
            '10 openat(AT_FDCWD</>, "/etc/shadow", O_RDONLY) = -1 EACCES (Permission denied)',
            '10 openat(AT_FDCWD</>, "/", O_RDONLY|O_PATH) = 4</>',
            '10 openat(AT_FDCWD</>, "/usr/lib", O_RDONLY) = 4</usr/lib>',
            "11 <... openat resumed>) = 5</etc/passwd>",
        ]
    )
    watched.finish()
    assert watched.breaches == ["11 <... openat resumed>) = 5</etc/passwd>"]
    assert watched.opened == 2


def traced(entry: str, source: LocalFile, folder: Path) -> tuple[Watched, list[Outcome]]:
    """Run an entry in a media child, in a process that strace follows."""
    strace, trace = shutil.which("strace"), folder / "trace"
    if strace is None or subprocess.run((strace, "-o", trace, "true"), check=False, capture_output=True).returncode:
        pytest.skip("the system calls of a child are watched with strace, which is not there or may not trace")
    run = subprocess.run(
        [
            *(strace, "-f", "-y", "-e", "signal=none", "-e", f"trace={TRACED}", "-o", trace),
            *(sys.executable, "-c", _IN_A_CHILD, entry, source.path, _ENTRIES),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    watched = Watched(allowed(_ENTRIES))
    with trace.open(encoding="utf-8", errors="replace") as lines:
        watched.feed(lines)
    watched.finish()
    return watched, msgspec.json.decode(run.stdout, type=list[Outcome])

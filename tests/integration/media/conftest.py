"""Running functions in the media child, and the promise that nothing of it stays behind."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import pytest

from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.media.source import MediaSource

T = TypeVar("T")
_ENTRIES = Path(__file__).parent / "entries"
_SECONDS_TO_TIDY = 3.0


class Nothing(msgspec.Struct, frozen=True):
    """No parameters."""


@dataclass(frozen=True)
class Children:
    """Runs functions of `entries` in the media child."""

    source: MediaSource
    limits: ChildLimits

    def limited(self, **changes: Any) -> Children:
        return Children(self.source, replace(self.limits, **changes))

    def on(self, source: MediaSource) -> Children:
        return Children(source, self.limits)

    async def start(self, function: str, result: type[T], params: msgspec.Struct | None = None, **options: Any) -> T:
        return await run_in_child(
            f"hostile_entries:{function}",
            self.source,
            params or Nothing(),
            result,
            limits=self.limits,
            import_paths=[_ENTRIES],
            **options,
        )

    def run(self, function: str, result: type[T], params: msgspec.Struct | None = None, **options: Any) -> T:
        return asyncio.run(self.start(function, result, params, **options))


@pytest.fixture
def limits() -> ChildLimits:
    return ChildLimits(
        memory_bytes=1024**3,
        cpu_seconds=20,
        wall_seconds=20,
        stall_seconds=20,
        file_size_bytes=1024**2,
        max_pixels=4096 * 4096,
    )


@pytest.fixture
def children(tmp_path: Path, limits: ChildLimits) -> Children:
    file = tmp_path / "media.bin"
    file.write_bytes(b"not really media")
    return Children(LocalFile(file), limits)


@pytest.fixture(autouse=True)
def nothing_stays_behind() -> Generator[None]:
    """Every test: the same descriptors, threads and child processes before and after."""
    before = _held()
    yield
    patience = time.monotonic() + _SECONDS_TO_TIDY
    while (after := _held()) != before and time.monotonic() < patience:
        time.sleep(0.02)
    assert after == before


def _held() -> tuple[int, int, tuple[str, ...]]:
    descriptors = len(list(Path("/proc/self/fd").glob("*")))
    listings = (listing.read_text().split() for listing in Path("/proc/self/task").glob("*/children"))
    return descriptors, threading.active_count(), tuple(sorted(child for listing in listings for child in listing))

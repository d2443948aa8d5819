"""Functions in the media child, and the check that a child leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import pytest

from process_tree import children_of
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.media.source import MediaSource

T = TypeVar("T")
_ENTRIES = Path(__file__).parent / "entries"
_SECONDS_TO_TIDY = 60.0


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

    async def start(
        self,
        function: str,
        result: type[T],
        params: msgspec.Struct | None = None,
        *,
        module: str = "hostile_entries",
        **options: Any,
    ) -> T:
        return await run_in_child(
            f"{module}:{function}",
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
        cpu_seconds=60,
        wall_seconds=60,
        stall_seconds=60,
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
    """Check that a test leaves no descriptor, thread or child process behind."""
    before = _held()
    yield
    patience = time.monotonic() + _SECONDS_TO_TIDY
    while (left := _held() - before) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not left


def _held() -> set[str]:
    """Return the descriptors, threads and children of this process, including uncollected garbage of other tests."""
    return set(_descriptors()) | set(_threads()) | set(_children())


def _descriptors() -> Generator[str]:
    for descriptor in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(FileNotFoundError):  # the listing's own is closed again
            yield f"{descriptor} -> {descriptor.readlink()}"


def _threads() -> Generator[str]:
    yield from (f"thread {thread.ident} {thread.name}" for thread in threading.enumerate())


def _children() -> Generator[str]:
    yield from (f"child {pid}" for pid in children_of(os.getpid()))

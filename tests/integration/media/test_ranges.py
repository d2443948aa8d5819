"""Media in remote storage: the parent reads, the child has no network."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scenedex.media.errors import ChildStalled, MediaUnreadable
from scenedex.media.probe import probe
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from scenedex.media.source import RangedObject

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.integration.media.conftest import Children

    from scenedex.media.child import ChildLimits

BLOCK = 2 * 1024**2


class BucketGone(Exception):
    """Error of a storage."""


@dataclass
class Shelf:
    """Object in memory that records the ranges read."""

    data: bytes
    reads: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    before: Callable[[int], Awaitable[None]] | None = None

    async def read(self, offset: int, length: int) -> bytes:
        self.reads.append((offset, length))
        if self.before is not None:
            await self.before(offset)
        return self.data[offset : offset + length]

    @property
    def source(self) -> RangedObject:
        return RangedObject(len(self.data), self.read)


def long_film() -> bytes:
    target = io.BytesIO()
    write_video(target, [Take(25, drifting(1))], SampleFormat(container="matroska", sound="aac"))
    return target.getvalue()


def test_the_child_reads_what_the_parent_is_asked_for(children: Children) -> None:
    shelf = Shelf(bytes(range(256)) * (3 * BLOCK // 256) + b"rest")
    total = children.on(shelf.source).run("read_it_all", int)
    assert total == sum(sum(part[:: len(part)]) for part in _parts(shelf.data, 100_000))


def test_whoever_reads_in_order_reads_each_range_once(children: Children) -> None:
    shelf = Shelf(bytes(4 * BLOCK + 5))
    children.on(shelf.source).run("read_it_all", int)
    assert shelf.reads == [(start, min(BLOCK, len(shelf.data) - start)) for start in range(0, len(shelf.data), BLOCK)]


def test_the_next_range_is_read_while_the_child_works_on_this_one(children: Children) -> None:
    shelf = Shelf(bytes(3 * BLOCK))
    children.on(shelf.source).run("tell_and_read_one_byte", int)
    assert shelf.reads[:2] == [(0, BLOCK), (BLOCK, BLOCK)]


def test_an_error_of_the_storage_comes_out_as_it_is(children: Children) -> None:
    async def fail_later(offset: int) -> None:
        await asyncio.sleep(0)
        if offset:
            raise BucketGone

    shelf = Shelf(bytes(4 * BLOCK), before=fail_later)
    with pytest.raises(BucketGone):
        children.on(shelf.source).run("read_it_all", int)


def test_a_storage_that_runs_out_of_time_is_not_the_childs_fault(children: Children) -> None:
    async def time_out(_offset: int) -> None:
        await asyncio.sleep(0)
        raise TimeoutError("the storage's own")

    with pytest.raises(TimeoutError, match="the storage's own"):
        children.on(Shelf(bytes(BLOCK), before=time_out).source).run("read_it_all", int)


def test_an_object_that_became_shorter_is_noticed(children: Children) -> None:
    shelf = Shelf(bytes(BLOCK))
    with pytest.raises(MediaUnreadable, match="became shorter"):
        children.on(RangedObject(3 * BLOCK, shelf.read)).run("read_it_all", int)


def test_a_storage_that_never_answers_is_a_stall(children: Children) -> None:
    async def never(_offset: int) -> None:
        await asyncio.Event().wait()

    shelf = Shelf(bytes(BLOCK), before=never)
    with pytest.raises(ChildStalled):
        children.limited(stall_seconds=0.7).on(shelf.source).run("read_it_all", int)


def test_a_film_elsewhere_is_measured(limits: ChildLimits) -> None:
    found = asyncio.run(probe(Shelf(long_film()).source, limits))
    assert (found.format, found.width, found.height, found.has_audio) == ("mkv", 320, 180, True)
    assert abs(found.duration - 1) < Fraction(1, 20)


def test_only_beginning_and_end_of_a_long_recording_are_read(limits: ChildLimits) -> None:
    target = io.BytesIO()
    form = SampleFormat(container="matroska", codec="mjpeg", pixel_format="yuvj420p", container_options={"live": "1"})
    write_video(target, [Take(50, drifting(1)), Take(50, drifting(2))], form)
    shelf = Shelf(target.getvalue())
    found = asyncio.run(probe(shelf.source, limits))
    assert found.duration == 4


def _parts(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]

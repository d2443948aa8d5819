"""Children that misbehave, and children that are asked to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from process_tree import children_of, is_running
from scenedex.media.errors import (
    ChildCrashed,
    ChildOutOfMemory,
    ChildStalled,
    ChildTimedOut,
    MediaError,
    MediaUnreadable,
)
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from tests.integration.media.conftest import Children


def test_a_function_sees_the_media_and_its_answer_comes_back(children: Children) -> None:
    assert children.run("tell_size", int) == len(b"not really media")


@pytest.mark.parametrize(
    ("function", "limit", "error", "says"),
    [
        pytest.param("grow", {"memory_bytes": 400 * 1024**2}, ChildOutOfMemory, "memory", id="memory"),
        pytest.param(
            "map_without_end", {"memory_bytes": 400 * 1024**2}, ChildOutOfMemory, "memory", id="mapped memory"
        ),
        pytest.param("spin", {"cpu_seconds": 1}, ChildTimedOut, "processor time", id="processor time"),
        pytest.param("spin_without_signals", {"cpu_seconds": 1}, ChildTimedOut, "processor time", id="blocked signals"),
        pytest.param("spin", {"wall_seconds": 1}, ChildTimedOut, "in 1 s", id="wall time"),
        pytest.param("sleep", {"stall_seconds": 0.7}, ChildStalled, "no progress for 0.7 s", id="no progress"),
        pytest.param(
            "claim_the_same_progress", {"stall_seconds": 0.7}, ChildStalled, "no progress", id="progress in words only"
        ),
        pytest.param("crash", {}, ChildCrashed, "SIGSEGV", id="crash"),
        pytest.param("fail", {}, ChildCrashed, "a mistake of ours", id="an error of our own code"),
        pytest.param("leave", {}, ChildCrashed, "status 3", id="leaving without a word"),
        pytest.param("babble", {}, ChildCrashed, "process", id="nonsense instead of messages"),
    ],
)
def test_a_misbehaving_child_is_an_error_of_its_own_class(
    children: Children, function: str, limit: dict[str, float], error: type[MediaError], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        children.limited(**limit).run(function, int)
    assert type(raised.value) is error


def test_an_answer_of_the_wrong_type_is_a_crash(children: Children) -> None:
    with pytest.raises(ChildCrashed, match="impossible answer"):
        children.run("tell_size", str)


def test_complaints_without_end_do_not_block_the_answer(children: Children) -> None:
    assert children.run("complain_at_length", str) == "said"


def test_what_a_child_says_of_itself_is_short_and_can_be_shown(children: Children) -> None:
    with pytest.raises(MediaUnreadable) as refused:
        children.run("refuse_in_strange_words", int)
    assert len(str(refused.value)) <= 300
    assert str(refused.value).isprintable()


def test_work_that_grows_keeps_a_child_alive_though_its_place_is_unknown(children: Children) -> None:
    assert children.limited(stall_seconds=2).run("go_on_slowly", str) == "arrived"


def test_progress_never_goes_back(children: Children) -> None:
    heard: list[float] = []

    async def note(progress: float) -> None:
        heard.append(progress)

    children.run("wander", str, on_progress=note)
    assert heard == [0.2, 0.6, 0.9]


def test_a_flood_of_messages_keeps_the_worker_from_no_other_work(children: Children) -> None:
    async def flood() -> float:
        # Processor time of this thread, which other work of the machine does not lengthen.
        clock = time.thread_time
        running = asyncio.create_task(children.limited(wall_seconds=2).start("report_without_end", int))
        longest, last = 0.0, clock()
        while not running.done():
            await asyncio.sleep(0.01)
            longest, last = max(longest, clock() - last), clock()
        with pytest.raises(ChildTimedOut):
            await running
        return longest

    # Without turns for others, the loop would be busy for the two seconds of the flood.
    assert asyncio.run(flood()) < 0.5


def test_an_error_of_the_progress_listener_stops_the_child_and_is_raised(children: Children) -> None:
    async def refuse(_progress: float) -> None:
        raise TimeoutError("the listener's own")

    with pytest.raises(TimeoutError, match="the listener's own"):
        children.run("claim_the_same_progress", str, on_progress=refuse)


def test_a_local_file_that_is_gone_is_said_so(children: Children, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        children.on(LocalFile(tmp_path / "gone")).run("tell_size", int)


@pytest.mark.parametrize("function", ["spin", "sleep"])
def test_a_cancelled_child_is_gone_when_the_cancel_is_over(children: Children, function: str) -> None:
    async def cancel_it() -> set[int]:
        before = children_of(os.getpid())
        task = asyncio.create_task(children.start(function, str))
        while not (started := children_of(os.getpid()) - before):  # noqa: ASYNC110  # a start has no event
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return started - children_of(os.getpid())

    assert len(asyncio.run(cancel_it())) == 1


def test_many_children_at_once_end_together(children: Children) -> None:
    async def race() -> list[int]:
        return list(await asyncio.gather(*(children.start("tell_size", int) for _ in range(6))))

    assert set(asyncio.run(race())) == {len(b"not really media")}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the child ends when it next speaks")
def test_a_child_dies_with_a_parent_that_is_killed(children: Children) -> None:
    assert isinstance(children.source, LocalFile)
    script = textwrap.dedent(f"""
        import asyncio, pathlib, sys
        sys.path.insert(0, {str(Path(__file__).parent / "entries")!r})
        from scenedex.media.child import ChildLimits, run_in_child
        from scenedex.media.source import LocalFile
        from hostile_entries import Attempt
        asyncio.run(run_in_child(
            "hostile_entries:spin", LocalFile(pathlib.Path({str(children.source.path)!r})), Attempt(), int,
            limits=ChildLimits(1 << 30, 60, 60, 60, 0, 1), import_paths=[pathlib.Path(sys.path[0])],
        ))
    """)
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        patience = time.monotonic() + 60
        while not (pids := children_of(parent.pid)) and time.monotonic() < patience:
            time.sleep(0.02)
        time.sleep(0.5)
        parent.send_signal(signal.SIGKILL)
    assert pids
    while any(is_running(pid) for pid in pids) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not any(is_running(pid) for pid in pids)

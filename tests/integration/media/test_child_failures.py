"""Observer of child failures: receives the reason of each failure and nothing else."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from scenedex.media.errors import ChildOutOfMemory, MediaError, MediaUnreadable
from scenedex.media.samples import Take, drifting, write_video
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.media.conftest import Children


@pytest.mark.parametrize(
    ("function", "limit", "reasons"),
    [
        pytest.param("crash", {}, ["crash"], id="crash"),
        pytest.param("sleep", {"stall_seconds": 0.3}, ["stall"], id="no progress"),
        pytest.param("spin", {"wall_seconds": 0.5}, ["time"], id="time"),
        pytest.param("grow", {"memory_bytes": 400 * 1024**2}, ["memory"], id="memory"),
        pytest.param("find_the_disk_full", {}, ["disk"], id="disk"),
        pytest.param("tell_size", {}, [], id="none"),
    ],
)
def test_a_failure_is_told_with_its_reason(
    children: Children, function: str, limit: dict[str, float], reasons: list[str]
) -> None:
    told: list[str] = []

    with contextlib.suppress(MediaError):
        children.limited(**limit, on_failure=told.append).run(function, int)

    assert told == reasons


def test_an_answer_of_the_wrong_type_is_told(children: Children) -> None:
    told: list[str] = []

    with pytest.raises(MediaError):
        children.limited(on_failure=told.append).run("tell_size", list[str])

    assert told == ["crash"]


def test_a_file_of_no_use_is_no_failure(children: Children) -> None:
    told: list[str] = []

    with pytest.raises(MediaUnreadable):
        children.limited(on_failure=told.append).run("refuse_in_strange_words", int)

    assert told == []


def test_a_film_that_threads_have_no_memory_for_is_not_taken_for_a_broken_one(
    children: Children, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    write_video(film, [Take(30, drifting(1))])

    # Less than their stacks need, more than everything else does.
    with pytest.raises(ChildOutOfMemory):
        children.on(LocalFile(film)).limited(memory_bytes=250 * 1024**2).run("count_frames_with_many_threads", int)

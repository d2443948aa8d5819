"""Asking again and again until work has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from scenedex.client.errors import WaitTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.client.answers import ImportStatus
    from scenedex.client.clock import Clock
    from scenedex.client.index_answers import IndexStatus
    from scenedex.client.search_answers import Search

Status = TypeVar("Status", "ImportStatus", "IndexStatus", "Search")


def wait(
    question: Callable[[], Status],
    is_final: Callable[[Status], bool],
    on_progress: Callable[[Status], None] | None,
    clock: Clock,
    *,
    timeout: float | None,
    poll: float,
    first_poll: float | None = None,
) -> Status:
    """The first final status; each status is told to ``on_progress``, the final one too.

    Args:
        question: asks for the present status.
        is_final: whether nothing more will happen.
        on_progress: hears of every answer.
        clock: what to sleep and measure with.
        timeout: seconds after which to ask for the last time; None waits as long as the work takes.
        poll: seconds between two questions.
        first_poll: seconds before the second question, which double until they are ``poll``; None means ``poll``.

    Raises:
        WaitTimeout: the time is over and the status not final.
    """
    pause = poll if first_poll is None else min(first_poll, poll)
    deadline = None if timeout is None else clock.monotonic() + timeout
    while True:
        status = question()
        if on_progress is not None:
            on_progress(status)
        if is_final(status):
            return status
        left = pause if deadline is None else deadline - clock.monotonic()
        if left <= 0:
            raise WaitTimeout(status)
        clock.sleep(min(pause, left))
        pause = min(2 * pause, poll)

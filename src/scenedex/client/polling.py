"""Polling until work has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from scenedex.client.answers import ImportStatus
from scenedex.client.errors import WaitTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.client.ask_answers import QuestionAnswer
    from scenedex.client.clock import Clock
    from scenedex.client.import_answers import BulkImport
    from scenedex.client.index_answers import IndexStatus
    from scenedex.client.playback_answers import Proxy
    from scenedex.client.search_answers import Search
    from scenedex.client.summary_answers import SummaryStatus

Status = TypeVar(
    "Status", ImportStatus, "IndexStatus", "SummaryStatus", "Search", "QuestionAnswer", "Proxy", "BulkImport"
)


def wait(
    get_status: Callable[[], Status],
    on_progress: Callable[[Status], None] | None,
    clock: Clock,
    *,
    timeout: float | None,
    poll: float,
    first_poll: float | None = None,
) -> Status:
    """Poll until the status is final and return it.

    ``timeout`` is the time until the last request, in seconds. Intervals between requests double from ``first_poll`` up
    to ``poll``. ``on_progress`` gets every status, including the final one.

    Raises:
        WaitTimeout: the status was not final in time.
    """
    pause = poll if first_poll is None else min(first_poll, poll)
    deadline = None if timeout is None else clock.monotonic() + timeout
    while True:
        status = get_status()
        if on_progress is not None:
            on_progress(status)
        state = status.upload_status if isinstance(status, ImportStatus) else status.status
        if state.is_final:
            return status
        remaining = pause if deadline is None else deadline - clock.monotonic()
        if remaining <= 0:
            raise WaitTimeout(status)
        clock.sleep(min(pause, remaining))
        pause = min(2 * pause, poll)

"""Checks of requests for watches. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.imports.request_parsing import analysis_setting, check_selection
from scenedex.watches.records import WatchOptions
from scenedex.watches.schemas import MAX_EVERY_SECONDS, MAX_SETTLE_SECONDS
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from scenedex.watches.schemas import CreateWatch


def watch_options(data: CreateWatch, *, min_every_seconds: int) -> WatchOptions:
    """Return the options of a request for a watch.

    Raises:
        InvalidRequest: a field is not valid.
    """
    check_selection(data)
    if not min_every_seconds <= data.every_seconds <= MAX_EVERY_SECONDS:
        bounds = f"{min_every_seconds} to {MAX_EVERY_SECONDS}"
        reason = f"must be from {bounds}. The setting imports.min_watch_seconds is {min_every_seconds}"
        raise InvalidRequest(FieldProblem("everySeconds", reason))
    if data.settle_seconds is not None and not 0 <= data.settle_seconds <= MAX_SETTLE_SECONDS:
        raise InvalidRequest(FieldProblem("settleSeconds", f"must be from 0 to {MAX_SETTLE_SECONDS}"))
    return WatchOptions(
        bucket_name=data.bucket_name,
        prefix=data.prefix,
        is_recursive=data.recursive,
        include=tuple(data.include),
        exclude=tuple(data.exclude),
        every_seconds=data.every_seconds,
        settle_seconds=data.settle_seconds,
        on_removed=data.on_removed,
        analysis=analysis_setting(data.analysis),
    )

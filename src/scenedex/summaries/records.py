"""Records of scene summaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.index.records import IndexedSentence, LocaleName  # as above

if TYPE_CHECKING:
    from collections.abc import Mapping


class SummaryStatus(StrEnum):
    """``status`` on the wire. BEFORE_SUMMARIZE: no summary was requested. The last three are final."""

    BEFORE_SUMMARIZE = "BEFORE_SUMMARIZE"
    WAIT_SUMMARIZE = "WAIT_SUMMARIZE"
    SUMMARIZING = "SUMMARIZING"
    SUMMARIZE_COMPLETED = "SUMMARIZE_COMPLETED"
    SUMMARIZE_FAIL = "SUMMARIZE_FAIL"
    SUMMARIZE_CANCELED = "SUMMARIZE_CANCELED"

    @property
    def is_running(self) -> bool:
        """True if a summary waits or runs."""
        return self in (SummaryStatus.WAIT_SUMMARIZE, SummaryStatus.SUMMARIZING)

    @property
    def message(self) -> str:
        """Message of the status if the run has none of its own."""
        return _MESSAGES[self]


_MESSAGES: Final = {
    SummaryStatus.BEFORE_SUMMARIZE: "No scene summary has been requested",
    SummaryStatus.WAIT_SUMMARIZE: "Waiting for scene summary",
    SummaryStatus.SUMMARIZING: "Scene summary in progress",
    SummaryStatus.SUMMARIZE_COMPLETED: "Scene summary completed",
    SummaryStatus.SUMMARIZE_FAIL: "Scene summary failed",
    SummaryStatus.SUMMARIZE_CANCELED: "Scene summary canceled",
}


class SummaryRun(msgspec.Struct, frozen=True):
    """Latest run of an index.

    Attributes:
        scene_ids: scenes that were chosen, or `None` for all.
        engine: identity of the engine, once the run has begun.
        model: model of the service that the engine calls, if it calls one.
        prompt_version: version of the instructions to the model, if there are any.
        scene_count: number of scenes to summarise.
        done_count: number of those that are done.
        unsupported_count: sentences that were dropped, since no finding supports them.
        picture_count: pictures that were sent to a service.
        input_tokens: tokens that were sent.
        output_tokens: tokens that were received.
        is_usage_estimated: whether the service did not report some of them.
    """

    summary_id: int
    index_id: int
    status: str
    message: str | None
    locale: LocaleName
    scene_ids: list[int] | None
    engine: str | None
    model: str | None
    prompt_version: str | None
    scene_count: int
    done_count: int
    unsupported_count: int
    picture_count: int
    input_tokens: int
    output_tokens: int
    is_usage_estimated: bool
    job_id: int | None
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


@dataclass(frozen=True, slots=True)
class SummaryRunPath:
    """A run, as older paths name it."""

    index_id: int
    summary_id: int


class SummaryClaim(msgspec.Struct, frozen=True):
    """One attempt at a run. Its writes count until a later attempt claims the row."""

    summary_id: int
    index_id: int
    asset_id: int
    workspace_id: int
    attempt: int
    tries: int
    locale: LocaleName
    scene_ids: list[int] | None
    user_name: str


class SummarisableIndex(msgspec.Struct, frozen=True):
    """A locked index, as far as a request needs it."""

    index_id: int
    options: dict[str, object]


class SceneDraft(msgspec.Struct, frozen=True, array_like=True):
    """Result of an engine for a scene, before it is published.

    Attributes:
        sentences: the text, sentence by sentence.
        unsupported_count: sentences that were dropped.
        model: model of the service, if one was called.
    """

    sentences: tuple[IndexedSentence, ...]
    unsupported_count: int = 0
    model: str | None = None


class ServiceUse(msgspec.Struct, frozen=True):
    """Use of a service by a run. See `SummaryRun`."""

    picture_count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    is_usage_estimated: bool = False


class StoredDraft(msgspec.Struct, frozen=True):
    """A draft in the database, and the hash of what it was made of."""

    scene_id: int
    address: str
    result: bytes


LOCALES: Final[Mapping[str, LocaleName]] = {
    "KO": "ko-KR",
    "EN": "en-US",
    "JA": "ja-JP",
    "ZH-CN": "zh-CN",
    "ZH-TW": "zh-TW",
}
"""Locale of summaries of an asset, by the language that is spoken in it."""

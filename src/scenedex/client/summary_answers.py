"""Answers about scene summaries."""

from datetime import datetime
from enum import StrEnum

from scenedex.client.answers import Answer, OpenEnum
from scenedex.client.index_answers import Span


class SummaryLocale(StrEnum):
    """Language and script of summaries."""

    KO_KR = "ko-KR"
    EN_US = "en-US"
    JA_JP = "ja-JP"
    ZH_CN = "zh-CN"
    ZH_TW = "zh-TW"


class SummaryState(OpenEnum):
    """State of a scene summary."""

    BEFORE_SUMMARIZE = "BEFORE_SUMMARIZE"
    WAIT_SUMMARIZE = "WAIT_SUMMARIZE"
    SUMMARIZING = "SUMMARIZING"
    SUMMARIZE_COMPLETED = "SUMMARIZE_COMPLETED"
    SUMMARIZE_FAIL = "SUMMARIZE_FAIL"
    SUMMARIZE_CANCELED = "SUMMARIZE_CANCELED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Return whether no scene summary waits or runs."""
        return self not in {SummaryState.WAIT_SUMMARIZE, SummaryState.SUMMARIZING, SummaryState.UNKNOWN}


class RequestedSummary(Answer, frozen=True, kw_only=True):
    """Answer to the request of a scene summary. ``scene_ids`` is None if all scenes are summarised."""

    scene_summary_id: int | None = None
    index_id: int | str | None = None
    status: SummaryState | None = None
    locale: str | None = None
    scene_ids: tuple[int, ...] | None = None
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class SummaryCost(Answer, frozen=True, kw_only=True):
    """A sum of money, by the prices of the server's settings."""

    amount: float
    currency: str


class SummaryUsage(Answer, frozen=True, kw_only=True):
    """Use of a service of a language model: pictures and tokens that were sent, and tokens that were received.

    ``estimated`` is true if the service did not report some of the tokens. ``cost`` is None without prices.
    """

    pictures: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    cost: SummaryCost | None = None


class SummaryProgress(Answer, frozen=True, kw_only=True):
    """Progress of a scene summary in scenes and percent (0-100), and its use of a service.

    ``unsupported_sentences`` were dropped, since nothing in the index supports them.
    """

    scenes_done: int = 0
    scene_count: int = 0
    percent: int | None = None
    unsupported_sentences: int = 0
    usage: SummaryUsage = SummaryUsage()


class SummaryStatus(Answer, frozen=True, kw_only=True):
    """State of the latest scene summary of an asset. ``asset_id`` is that of the request."""

    asset_id: int | None = None
    status: SummaryState
    status_message: str | None = None
    scene_summary_id: int | None = None
    index_id: int | str | None = None
    locale: str | None = None
    scene_ids: tuple[int, ...] | None = None
    progress: SummaryProgress | None = None
    engine: str | None = None
    model: str | None = None
    prompt_version: str | None = None
    updated_time: datetime | None = None


class SummarySentence(Answer, frozen=True, kw_only=True):
    """A sentence of a summary. ``basis`` is what supports it: seen, heard or read."""

    text: str
    basis: str | None = None


class SceneSummary(Span, frozen=True, kw_only=True):
    """Summary of a scene, with the engine that wrote it, and the model that the engine called, if any."""

    scene_id: int
    summary: str
    locale: str | None = None
    sentences: tuple[SummarySentence, ...] = ()
    engine: str | None = None
    model: str | None = None
    prompt_version: str | None = None


class SceneSummaryInfo(Answer, frozen=True, kw_only=True):
    """The last completed scene summary. ``analyzed_scene_ids`` is None if it was of all scenes."""

    last_analyzed_at: datetime | None = None
    analyzed_scene_ids: tuple[int, ...] | None = None


class SceneSummaries(Answer, frozen=True, kw_only=True):
    """Summaries of the scenes of an asset."""

    index_id: int | str | None = None
    scene_summary_info: SceneSummaryInfo | None = None
    scene_summaries: tuple[SceneSummary, ...] = ()


class MonthlySummaries(Answer, frozen=True, kw_only=True):
    """Scenes and tokens of a workspace in this calendar month (UTC). A maximum is None without a limit."""

    scenes: int = 0
    tokens: int = 0
    max_scenes: int | None = None
    max_tokens: int | None = None


class SummaryEstimate(Answer, frozen=True, kw_only=True):
    """Estimated use of a service by a scene summary.

    ``measured`` is true if tokens and seconds follow former scenes. ``refused_because`` is None unless a request would
    be refused now.
    """

    asset_id: int | None = None
    engine: str | None = None
    scene_count: int = 0
    pictures: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    measured: bool = False
    cost: SummaryCost | None = None
    seconds: float | None = None
    month: MonthlySummaries = MonthlySummaries()
    refused_because: str | None = None

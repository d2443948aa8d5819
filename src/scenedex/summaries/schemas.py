"""Wire shapes of scene summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from msgspec import Meta

from scenedex.index.records import LocaleName
from scenedex.summaries.estimate_schemas import CostObject
from scenedex.summaries.records import SummaryStatus
from scenedex.wire import described
from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from scenedex.index.summary_records import PublishedSummaries, SummarisedScene
    from scenedex.summaries.records import SummaryRun
    from scenedex.summaries.use import Prices
    from scenedex.wire.parsing import WireTime

Locale = Annotated[LocaleName, Meta(description="Language and script of the summaries", examples=["en-US"])]
SummaryStatusName = Annotated[
    Literal[
        "BEFORE_SUMMARIZE",
        "WAIT_SUMMARIZE",
        "SUMMARIZING",
        "SUMMARIZE_COMPLETED",
        "SUMMARIZE_FAIL",
        "SUMMARIZE_CANCELED",
    ],
    Meta(description="Status of the latest scene summary"),
]
MAX_CHOSEN_SCENES = 10_000


class RequestSummary(Wire, frozen=True, kw_only=True):
    """Body of a request for a scene summary."""

    scene_ids: Annotated[
        Annotated[
            list[int],
            described.items(
                "Scenes to summarise again, once all scenes have been summarised. All scenes by default",
                min_count=1,
                max_count=MAX_CHOSEN_SCENES,
            ),
        ]
        | None,
        Meta(examples=[[1, 3]]),
    ] = None
    locale: (
        Annotated[
            LocaleName,
            Meta(
                description="Language and script of the summaries, by default that of the asset. Not with sceneIds",
                examples=["en-US"],
            ),
        ]
        | None
    ) = None


class UsageObject(Wire, frozen=True, kw_only=True):
    """Use of a service by a scene summary. All numbers are 0 with an engine that calls none."""

    pictures: Annotated[int, Meta(ge=0, description="Pictures that were sent", examples=[24])]
    input_tokens: Annotated[int, Meta(ge=0, description="Tokens that were sent", examples=[18_400])]
    output_tokens: Annotated[int, Meta(ge=0, description="Tokens that were received", examples=[960])]
    estimated: (
        Annotated[bool, Meta(description="True if the service did not report some tokens", examples=[True])] | None
    ) = None
    cost: Annotated[CostObject | None, Meta(description="Cost. Missing without prices in the settings")] = None


class SummaryProgressObject(Wire, frozen=True, kw_only=True):
    """Progress of a scene summary. An addition of Scenedex to the API."""

    scenes_done: Annotated[int, Meta(ge=0, description="Scenes that are done", examples=[3])]
    scene_count: Annotated[int, Meta(ge=0, description="Scenes to summarise", examples=[12])]
    percent: Annotated[int, Meta(ge=0, le=100, description="Progress in percent", examples=[25])]
    unsupported_sentences: Annotated[
        int, Meta(ge=0, description="Sentences that were dropped, since nothing in the index supports them")
    ]
    usage: Annotated[UsageObject, Meta(description="Use of a service so far")]


class SummaryRunObject(Wire, frozen=True, kw_only=True):
    """A scene summary that was requested. An addition of Scenedex to the API."""

    scene_summary_id: Annotated[int, Meta(ge=1, description="ID of the scene summary")]
    id: (
        Annotated[int, Meta(description="The same as sceneSummaryId, in answers of the older path", examples=[501])]
        | None
    ) = None
    index_id: described.IndexId
    status: SummaryStatusName
    locale: Locale
    scene_ids: Annotated[list[int] | None, Meta(description="Chosen scenes, null for all")]
    created_time: described.CreatedTime
    created_user_name: described.CreatedUserName
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName

    @classmethod
    def of(cls, run: SummaryRun, times: WireTime) -> Self:
        """Convert a run."""
        return times.shape(cls, run, scene_summary_id=run.summary_id)


class SummaryStatusObject(Wire, frozen=True, kw_only=True):
    """Status of the latest scene summary. All but its first two fields are additions of Scenedex to the API."""

    status: SummaryStatusName
    status_message: Annotated[str, Meta(description="Message mapped to the status, or the reason of a failure")]
    scene_summary_id: Annotated[int, Meta(ge=1, description="ID of the scene summary, once requested")] | None = None
    index_id: Annotated[int, Meta(ge=1, description="Index ID, once a scene summary has been requested")] | None = None
    locale: Locale | None = None
    scene_ids: Annotated[list[int], Meta(description="Chosen scenes. Missing for all", examples=[[1, 3]])] | None = None
    progress: Annotated[
        SummaryProgressObject | None, Meta(description="Progress and use of a service, once requested")
    ] = None
    engine: Annotated[str, Meta(description="Engine that writes the summaries, once it has begun")] | None = None
    model: (
        Annotated[str, Meta(description="Model of the service that the engine calls", examples=["qwen3-vl"])] | None
    ) = None
    prompt_version: (
        Annotated[str, Meta(description="Version of the instructions to the model", examples=["1"])] | None
    ) = None
    updated_time: Annotated[str, Meta(description="Date and time of the last change of the status")] | None = None

    @classmethod
    def of(cls, run: SummaryRun | None, times: WireTime, prices: Prices) -> Self:
        """Convert the latest run of an index."""
        if run is None:
            none = SummaryStatus.BEFORE_SUMMARIZE
            return cls(status=none.value, status_message=none.message)
        status = SummaryStatus(run.status)
        percent = (
            100 if status is SummaryStatus.SUMMARIZE_COMPLETED else 100 * run.done_count // max(run.scene_count, 1)
        )
        return cls(
            status=status.value,
            status_message=run.message or status.message,
            scene_summary_id=run.summary_id,
            index_id=run.index_id,
            locale=run.locale,
            scene_ids=run.scene_ids,
            progress=SummaryProgressObject(
                scenes_done=run.done_count,
                scene_count=run.scene_count,
                percent=percent,
                unsupported_sentences=run.unsupported_count,
                usage=UsageObject(
                    pictures=run.picture_count,
                    input_tokens=run.input_tokens,
                    output_tokens=run.output_tokens,
                    estimated=run.is_usage_estimated or None,
                    cost=CostObject.of(prices, run.input_tokens, run.output_tokens),
                ),
            ),
            engine=run.engine,
            model=run.model,
            prompt_version=run.prompt_version,
            updated_time=times(run.updated_time),
        )


class SentenceObject(Wire, frozen=True, kw_only=True):
    """A sentence of a summary."""

    text: Annotated[str, Meta(description="The sentence")]
    basis: Annotated[
        Literal["seen", "heard", "read"],
        Meta(description="What supports it: pictures and persons, speech and sounds, or text on screen"),
    ]


class SceneSummaryObject(Wire, frozen=True, kw_only=True):
    """Summary of a scene. The fields after the locale are additions of Scenedex to the API."""

    scene_id: described.SceneId
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    summary: Annotated[str, Meta(description="Text about the scene. Empty if the index knows nothing to say")]
    locale: Locale
    sentences: Annotated[list[SentenceObject], Meta(description="The text, sentence by sentence")]
    engine: Annotated[str, Meta(description="Engine that wrote it, with its version", examples=["composed 1"])]
    model: (
        Annotated[str, Meta(description="Model of the service that the engine called", examples=["qwen3-vl"])] | None
    ) = None
    prompt_version: (
        Annotated[str, Meta(description="Version of the instructions to the model", examples=["1"])] | None
    ) = None

    @classmethod
    def of(cls, scene: SummarisedScene) -> Self:
        """Convert a scene."""
        summary = scene.summary
        return cls(
            scene_id=scene.scene_id,
            start_time_ms=scene.start_ms,
            end_time_ms=scene.end_ms,
            summary=summary.text,
            locale=summary.locale,
            sentences=[SentenceObject(text=one.text, basis=one.basis) for one in summary.sentences],
            engine=summary.engine,
            model=summary.model,
            prompt_version=summary.prompt_version,
        )


class SummaryInfoObject(Wire, frozen=True, kw_only=True):
    """The last completed scene summary."""

    last_analyzed_at: Annotated[
        str, Meta(description="Date and time at which it completed, ISO 8601 in the server's time zone")
    ]
    analyzed_scene_ids: Annotated[
        list[int] | None, Meta(description="Scenes that it was limited to. Null if it was of all scenes")
    ]


class SummariesObject(Wire, frozen=True, kw_only=True):
    """Summaries of the scenes of an asset."""

    index_id: described.IndexId
    scene_summary_info: Annotated[SummaryInfoObject, Meta(description="The last completed scene summary")]
    scene_summaries: Annotated[list[SceneSummaryObject], Meta(description="Summary of each scene, by time")]

    @classmethod
    def of(cls, found: PublishedSummaries, times: WireTime) -> Self:
        """Convert the summaries of an index."""
        last = found.last
        return cls(
            index_id=last.index_id,
            scene_summary_info=SummaryInfoObject(
                last_analyzed_at=times(last.summarised_time),
                analyzed_scene_ids=None if last.scene_ids is None else list(last.scene_ids),
            ),
            scene_summaries=[SceneSummaryObject.of(scene) for scene in found.scenes],
        )


_TIME = "2025-04-23T17:20:31.482913"
REQUEST_SUMMARY = RequestSummary(locale="en-US")
SUMMARY_RUN = SummaryRunObject(
    scene_summary_id=501,
    index_id=77,
    status="WAIT_SUMMARIZE",
    locale="en-US",
    scene_ids=[1, 3],
    created_time=_TIME,
    created_user_name="username",
    updated_time=_TIME,
    updated_user_name="username",
)
SUMMARY_STATUS = SummaryStatusObject(
    status="SUMMARIZING",
    status_message="Scene summary in progress",
    scene_summary_id=501,
    index_id=77,
    locale="en-US",
    progress=SummaryProgressObject(
        scenes_done=3,
        scene_count=12,
        percent=25,
        unsupported_sentences=0,
        usage=UsageObject(
            pictures=12, input_tokens=7750, output_tokens=480, cost=CostObject(amount=0.11, currency="USD")
        ),
    ),
    engine="vision-language-model 1",
    model="qwen3-vl",
    prompt_version="1",
    updated_time=_TIME,
)
SUMMARIES = SummariesObject(
    index_id=77,
    scene_summary_info=SummaryInfoObject(last_analyzed_at=_TIME, analyzed_scene_ids=[1]),
    scene_summaries=[
        SceneSummaryObject(
            scene_id=1,
            start_time_ms=0,
            end_time_ms=91_565,
            summary="Jane Doe is seen at the harbour. She greets the viewers.",
            locale="en-US",
            sentences=[
                SentenceObject(text="Jane Doe is seen at the harbour.", basis="seen"),
                SentenceObject(text="She greets the viewers.", basis="heard"),
            ],
            engine="composed 1",
        )
    ],
)

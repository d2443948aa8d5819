"""Wire shapes of questions and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.index.records import LocaleName
from scenedex.index.scene_schemas import SCENE
from scenedex.index.schemas import INDEX
from scenedex.questions.records import CitationKind, IndexPart
from scenedex.search.schemas import AssetType, FilterObject
from scenedex.summaries.estimate_schemas import CostObject
from scenedex.wire import described
from scenedex.wire.deep_links import asset_link
from scenedex.wire.envelope import Wire

NoAnswerName = Literal["NOTHING_ANALYSED", "NOTHING_FOUND", "NOT_ANSWERED", "NOT_SUPPORTED", "SOURCES_DELETED"]

Text = Annotated[str, Meta(description="The question", examples=["What did the president ask for?"])]
Locale = Annotated[LocaleName, Meta(description="Language and script of the answer", examples=["en-US"])]


class RequestQuestion(Wire, frozen=True, kw_only=True):
    """Question about the scenes that a filter leaves."""

    question: Annotated[str, described.text("Question in words", longest=500)]
    filter: Annotated[FilterObject, Meta(description="Scenes that may answer, as for a search")]
    locale: (
        Annotated[
            LocaleName,
            Meta(description="Language and script of the answer, by default that of the question", examples=["en-US"]),
        ]
        | None
    ) = None


class QuestionStub(Wire, frozen=True, kw_only=True):
    """A question that was asked."""

    ask_id: Annotated[str, Meta(pattern="^[A-Za-z0-9]{20}$", description="Question ID")]
    status: Annotated[Literal["RUNNING", "COMPLETED", "FAILED"], Meta(description="Status of the question")]


class AnswerSentenceObject(Wire, frozen=True, kw_only=True):
    """A sentence of an answer."""

    text: Annotated[str, Meta(description="The sentence")]
    citations: Annotated[list[int], Meta(min_length=1, description="Numbers of the citations that support it")]


class CitationObject(Wire, frozen=True, kw_only=True):
    """A part of a scene that supports a sentence."""

    number: Annotated[int, Meta(ge=1, description="Number of the citation in the answer, from 1")]
    kind: Annotated[
        CitationKind,
        Meta(
            description="seen: a person or thing in the picture. heard: a spoken line. read: text on screen. known: "
            "the name of the file"
        ),
    ]
    text: Annotated[
        str, Meta(description="The words as they were said or shown, the name of who or what is seen, or the file name")
    ]
    asset_id: described.AssetId
    project_id: described.ProjectId
    file_name: described.FileName
    asset_type: Annotated[AssetType, Meta(description="Type of the media asset")]
    index_id: described.IndexId
    scene_id: described.SceneId
    moment_start_ms: Annotated[int, Meta(ge=0, description="Start of the moment in milliseconds")]
    moment_end_ms: Annotated[int, Meta(ge=0, description="End of the moment in milliseconds, not included")]
    moment_url: Annotated[str, Meta(description="Page of the asset in the console, opened at the moment")]
    keyframe_url: described.KeyframeUrl
    confidence: Annotated[float, Meta(ge=0, le=1, description="Certainty of the engine that found the words, 0 to 1")]
    engine: (
        Annotated[str, Meta(description="Engine that found them: name, version and weights, if it is known")] | None
    ) = None
    speaker: (
        Annotated[str, Meta(description="Name or label of the speaker of a line", examples=["Speaker 1"])] | None
    ) = None
    language: Annotated[str, Meta(description="Language of a line", examples=["EN"])] | None = None


class NotAnalysedObject(Wire, frozen=True, kw_only=True):
    """A part that was not analysed in some assets, so that nothing in it was looked at."""

    part: Annotated[
        IndexPart,
        Meta(
            description="speech, text (on screen), korean (text on screen in Korean), faces, objects or labels (things "
            "in the picture)"
        ),
    ]
    asset_count: Annotated[int, Meta(ge=1, description="Assets in which it was not analysed", examples=[2])]


class LookedAtObject(Wire, frozen=True, kw_only=True):
    """What the answer was looked for in. Of more than 20 000 assets, the newest are counted."""

    asset_count: Annotated[int, Meta(ge=0, description="Assets that meet the filter", examples=[40])]
    analysed_asset_count: Annotated[int, Meta(ge=0, description="Those of them with an index", examples=[38])]
    scene_count: Annotated[int, Meta(ge=0, description="Scenes that the search found for the question", examples=[17])]
    passage_count: Annotated[
        int, Meta(ge=0, description="Lines, texts and names of these scenes that the engine read", examples=[31])
    ]


class QuestionUsageObject(Wire, frozen=True, kw_only=True):
    """Use of a service by an answer. All numbers are 0 with an engine that calls none."""

    input_tokens: Annotated[int, Meta(ge=0, description="Tokens that were sent", examples=[2400])]
    output_tokens: Annotated[int, Meta(ge=0, description="Tokens that were received", examples=[90])]
    estimated: (
        Annotated[bool, Meta(description="True if the service did not report some tokens", examples=[True])] | None
    ) = None
    cost: Annotated[CostObject | None, Meta(description="Cost. Missing without prices in the settings")] = None


class QuestionObject(QuestionStub, frozen=True, kw_only=True):
    """A question and, once it has been answered, its answer with citations."""

    status_message: (
        Annotated[str, Meta(description="Reason of a failure, or what was not compared", examples=["Canceled by kim."])]
        | None
    ) = None
    question: Text
    locale: Locale
    enough: (
        Annotated[bool, Meta(description="Whether the evidence carries an answer. Missing until there is a result")]
        | None
    ) = None
    answer: (
        Annotated[str, Meta(description="All sentences together. Missing if there is not enough evidence")] | None
    ) = None
    reason: (
        Annotated[
            NoAnswerName,
            Meta(
                description="Reason for which there is no answer. NOTHING_ANALYSED: no asset of the filter is "
                "analysed. NOTHING_FOUND: no scene is about the question. NOT_ANSWERED: scenes are about it and do "
                "not answer it. NOT_SUPPORTED: sentences were made and no evidence supports them. SOURCES_DELETED: the "
                "scenes that answered it do not exist any more",
                examples=["NOT_ANSWERED"],
            ),
        ]
        | None
    ) = None
    sentences: Annotated[list[AnswerSentenceObject], Meta(description="Sentences of the answer")] | None = None
    citations: Annotated[list[CitationObject], Meta(description="Citations of the sentences, by number")] | None = None
    looked_at: Annotated[LookedAtObject | None, Meta(description="What the answer was looked for in")] = None
    not_analysed: (
        Annotated[list[NotAnalysedObject], Meta(description="What was not looked at, since it was not analysed")] | None
    ) = None
    engine: (
        Annotated[
            str,
            Meta(
                description="Engine that answered. quoted joins quotations, without a language model",
                examples=["quoted 1"],
            ),
        ]
        | None
    ) = None
    model: Annotated[str, Meta(description="Language model, if one was called", examples=["qwen3-8b"])] | None = None
    prompt_version: (
        Annotated[
            str,
            Meta(description="Version of the instructions to the model, if one was called", examples=["3f81c0de9a12"]),
        ]
        | None
    ) = None
    unsupported_sentences: (
        Annotated[int, Meta(ge=0, description="Sentences that were dropped, since no citation supports them")] | None
    ) = None
    usage: Annotated[QuestionUsageObject | None, Meta(description="Use of a service")] = None


_LINE = SCENE.scripts[0]
ASK_ID = "Hq7mWc2RtY9pKd4VbN1x"
REQUEST_QUESTION = RequestQuestion(
    question="What does the harbour master say about the ship?", filter=FilterObject(project_ids=[5]), locale="en-US"
)
QUESTION_STUB = QuestionStub(ask_id=ASK_ID, status="RUNNING")
_SENTENCE = f"In “sample-video.mp4” at 0:01: “{_LINE.text}”"
QUESTION = QuestionObject(
    ask_id=ASK_ID,
    status="COMPLETED",
    question=REQUEST_QUESTION.question,
    locale="en-US",
    enough=True,
    answer=_SENTENCE,
    sentences=[AnswerSentenceObject(text=_SENTENCE, citations=[1])],
    citations=[
        CitationObject(
            number=1,
            kind="heard",
            text=_LINE.text,
            asset_id=1001,
            project_id=5,
            file_name="sample-video.mp4",
            asset_type="VIDEO",
            index_id=INDEX.index_id,
            scene_id=SCENE.scene_id,
            moment_start_ms=_LINE.start_time_ms,
            moment_end_ms=_LINE.end_time_ms,
            moment_url=asset_link("http://127.0.0.1:8600", "newsroom", 1001, _LINE.start_time_ms),
            keyframe_url=SCENE.keyframe_url,
            confidence=_LINE.confidence,
            engine="faster-whisper 1 whisper-base",
            speaker=_LINE.speaker,
            language="EN",
        )
    ],
    looked_at=LookedAtObject(asset_count=40, analysed_asset_count=38, scene_count=17, passage_count=31),
    not_analysed=[NotAnalysedObject(part="objects", asset_count=38)],
    engine="vision-language-model 1",
    model="qwen3-8b",
    prompt_version="3f81c0de9a12",
    unsupported_sentences=0,
    usage=QuestionUsageObject(input_tokens=2400, output_tokens=90, cost=CostObject(amount=0.01, currency="USD")),
)

"""Port of scene summaries: what an engine is told of a scene, and the text that it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

from scenedex.engines.engine import Engine, EngineUnavailable
from scenedex.engines.port import OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

SummaryLocale = Literal["ko-KR", "en-US", "ja-JP", "zh-CN", "zh-TW"]
Basis = Literal["seen", "heard", "read"]
"""Source of a sentence: pictures and persons, speech and sounds, or text on screen."""

EvidenceKind = Literal["persons", "lines", "texts", "keywords", "sounds"]


@dataclass(frozen=True, slots=True)
class EvidencePerson:
    """A person in a scene.

    Attributes:
        person_id: id in the workspace.
        name: name, `None` for an anonymous person.
        appearances: start and end of each time at which the person is visible, in milliseconds.
    """

    person_id: int
    name: str | None
    appearances: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A spoken line. ``speaker`` is a name or a label such as "Speaker 1", times are milliseconds."""

    script_id: int
    speaker: str
    text: str
    language: str
    start_ms: int
    end_ms: int
    is_rough: bool


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """A text on screen, with its certainty from 0 to 1 and its times in milliseconds.

    ``height`` is that of its box as a fraction of the picture's, `None` if it is not known.
    """

    text: str
    confidence: float
    start_ms: int
    end_ms: int
    height: float | None = None


@dataclass(frozen=True, slots=True)
class EvidenceKeyword:
    """A label of a scene, with its category and its certainty from 0 to 1.

    Categories are ``OBJECT`` and ``LABEL`` of pictures, ``SPEECH`` and ``TEXT``.
    """

    keyword: str
    category: str
    confidence: float


@dataclass(frozen=True, slots=True)
class EvidenceSound:
    """A sound other than speech, with its times in milliseconds."""

    type: Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class EvidencePicture:
    """A keyframe as a JPEG, with its time in milliseconds."""

    time_ms: int
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SceneEvidence:
    """Everything that the index knows of a scene. Findings are in order of time.

    Attributes:
        scene_id: number of the scene in its index, from 1.
        scene_count: number of scenes of the index.
        start_ms: start of the scene.
        end_ms: end of the scene. A still picture ends where it starts.
        shot_count: number of its shots.
        brightness: mean luma of its keyframes, from 0 to 1, `None` if it is not known.
        pictures: keyframes, at most `Summariser.pictures_per_scene`.
        not_analysed: kinds of findings that no engine looked for. Nothing may be said about their absence.
        absent_names: names of persons of the workspace who are not in the scene.
    """

    scene_id: int
    scene_count: int
    start_ms: int
    end_ms: int
    shot_count: int
    persons: tuple[EvidencePerson, ...] = ()
    lines: tuple[EvidenceLine, ...] = ()
    texts: tuple[EvidenceText, ...] = ()
    keywords: tuple[EvidenceKeyword, ...] = ()
    sounds: tuple[EvidenceSound, ...] = ()
    brightness: float | None = None
    pictures: tuple[EvidencePicture, ...] = ()
    not_analysed: frozenset[EvidenceKind] = frozenset()
    absent_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a summary, and the kind of evidence that supports it."""

    text: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Usage:
    """Use of a service: pictures and tokens that were sent, and tokens that were received.

    ``is_estimated`` is true if the service did not report some of the tokens.
    """

    pictures: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    is_estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.pictures + other.pictures,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.is_estimated or other.is_estimated,
        )


NO_USE: Final = Usage()


@dataclass(frozen=True, slots=True)
class SceneSummary:
    """Text about a scene.

    Attributes:
        sentences: the text, sentence by sentence. Empty if the evidence supports none.
        unsupported_count: sentences that were dropped since no evidence supports them.
        usage: use of a service, nothing for an engine that calls none.
        model: model as the service names it in its answer, `None` if it names none.
    """

    sentences: tuple[SummarySentence, ...]
    unsupported_count: int = 0
    usage: Usage = NO_USE
    model: str | None = None


class SummaryUnavailable(EngineUnavailable):
    """A service refuses, fails or gives no useful answer.

    Attributes:
        usage: use of the service until then.
        may_pass: whether the same call may succeed later.
    """

    def __init__(self, reason: str, usage: Usage = NO_USE, *, may_pass: bool = True) -> None:
        super().__init__(reason)
        self.usage = usage
        self.may_pass = may_pass


class Summariser(OpenedEngine, Protocol):
    """Writes text about scenes. It runs in the worker, one call at a time for each asset."""

    @property
    def model(self) -> str | None:
        """Name of the model that is asked for, `None` if the service decides or if none is called."""
        ...

    @property
    def prompt_version(self) -> str | None:
        """Version of the instructions to a model, `None` for an engine without."""
        ...

    @property
    def pictures_per_scene(self) -> int:
        """Maximum number of keyframes that it reads for a scene, 0 for an engine that reads none."""
        ...

    async def summarise(
        self, scene: SceneEvidence, locale: SummaryLocale, preceding: Sequence[SceneSummary]
    ) -> SceneSummary:
        """Return the text about a scene in the language of the locale.

        Args:
            scene: the evidence.
            locale: language and script of the text.
            preceding: the summaries of the scenes before it, in order of time. Some may be missing.

        Raises:
            SummaryUnavailable: the service refuses, fails or gives no useful answer. The message is for users.
        """
        ...


SUMMARIES: Final[Port[Summariser]] = Port("summaries", "scene summaries", has_network=True)

VISION_LANGUAGE_MODEL: Final = Engine("vision-language-model", "1")
"""A model behind an endpoint with the API of OpenAI, at the address of the settings."""

VISION_SPEC: Final = EngineSpec(
    port=SUMMARIES,
    engine=VISION_LANGUAGE_MODEL,
    factory="scenedex.engines.summaries.vision:open_vision_model",
    needs_address=True,
)

COMPOSED: Final = Engine("composed", "1")
"""Sentences that are made of the findings of a scene, without a model."""

COMPOSED_SPEC: Final = EngineSpec(
    port=SUMMARIES, engine=COMPOSED, factory="scenedex.engines.summaries.composed:ComposedSummariser"
)

SPECS: Final = (VISION_SPEC, COMPOSED_SPEC)

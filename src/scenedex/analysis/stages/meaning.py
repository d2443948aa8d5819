"""Stage: vectors of the meaning of texts, such as the passages of each scene. It opens no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.passages import passages_of, texts_of
from scenedex.analysis.stage import ChildStep, KnownResult, Source, Stage
from scenedex.analysis.stages.lines import lines_of
from scenedex.analysis.stages.pictures import vector_bytes
from scenedex.analysis.stages.scene_times import SceneTimes
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.analysis.stages.speakers import SPEAKERS_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE
from scenedex.analysis.stages.text import TEXT_STAGE
from scenedex.engines.embeddings import MEANING
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.analysis.passages import Passage
    from scenedex.analysis.stage import Inputs
    from scenedex.engines.embeddings import TextEmbedder
    from scenedex.media.opened import OpenedMedia


@dataclass(frozen=True, slots=True)
class _Timed:
    text: str
    start_ms: int
    end_ms: int


class MeaningOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Texts to embed and their embedder. ``threads`` of 0 means one per core."""

    choice: EngineChoice
    texts: tuple[str, ...]
    threads: int = 0


class MeaningResult(msgspec.Struct, frozen=True):
    """Unit vector of each text as little-endian float32, in their order. A blank text has no bytes."""

    vectors: tuple[bytes, ...]


def run_meaning(opened: OpenedMedia, params: bytes) -> MeaningResult:
    """Embed texts. Runs in the child process."""
    options = msgspec.json.decode(params, type=MeaningOptions)
    embedder = open_engine(MEANING, options.choice, threads=options.threads)
    return embed_texts(options.texts, embedder, report=opened.report)


def embed_texts(texts: Sequence[str], embedder: TextEmbedder, *, report: Callable[[float, int], None]) -> MeaningResult:
    """Embed texts with a loaded embedder. ``report`` is called with the share and the number done."""
    vectors: list[bytes] = []
    for done, text in enumerate(texts, 1):
        vectors.append(vector_bytes(embedder.embed([text])[0]) if text.strip() else b"")
        report(done / len(texts), done)
    return MeaningResult(tuple(vectors))


def passages_of_scenes(inputs: Inputs) -> list[tuple[Passage, ...]]:
    """Return the passages of the words that are written and said in each scene. None for a scene without words."""
    times = SceneTimes(inputs.of(SCENES_STAGE).scenes)
    texts: list[list[_Timed]] = [[] for _ in times.ranges]
    lines: list[list[_Timed]] = [[] for _ in times.ranges]
    text = inputs.find(TEXT_STAGE)
    for region in () if text is None else text.regions:
        for part in times.parts(region.span.range()):
            texts[part.scene].append(_Timed(region.text, part.start_ms, part.end_ms))
    for _, said in lines_of(inputs):
        span = said.span.range()
        lines[times.mostly_in(span)].append(_Timed(said.text, span.start.ms, span.end.ms))
    return [passages_of(*words) for words in zip(texts, lines, strict=True)]


def _options(inputs: Inputs) -> MeaningOptions | KnownResult[MeaningResult]:
    texts = texts_of(passage for scene in passages_of_scenes(inputs) for passage in scene)
    if not texts:
        return KnownResult(MeaningResult(()))
    return MeaningOptions(choice=inputs.choice(MEANING), texts=texts, threads=inputs.scope.threads)


MEANING_STAGE: Final = Stage(
    name="meaning",
    version="1",
    result=MeaningResult,
    step=ChildStep(function=run_meaning, reads=Source.NOTHING),
    options=_options,
    needs=(SCENES_STAGE,),
    uses=(TEXT_STAGE, SPEECH_STAGE, SPEAKERS_STAGE),
    ports=(MEANING,),
    share=1,
)

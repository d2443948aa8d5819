"""Stage: vectors of the pictures of shots, and visual keywords of keyframes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Moment
from scenedex.analysis.stages.still_selection import select_stills
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.engines.embeddings import PICTURE_TEXTS, PICTURES
from scenedex.engines.engine import EngineChoice
from scenedex.engines.keywords import LABELS, OBJECTS, label_pictures, label_prompts, label_texts
from scenedex.engines.loader import open_engine
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs, StageServices
    from scenedex.analysis.stages.still_selection import StillSource
    from scenedex.engines.embeddings import PictureEmbedder
    from scenedex.engines.keywords import Labeller, ObjectFinder
    from scenedex.media.opened import OpenedMedia
    from scenedex.timeline import Timecode

OBJECT: Final = "OBJECT"
LABEL: Final = "LABEL"

_VECTOR = np.dtype("<f4")
_SHARE_OF_SELECTION = 0.5


class PicturesOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage.

    Attributes:
        embedder: engine of the vectors.
        objects: engine that finds objects, or `None` for no objects.
        labels: engine that compares keyframes with the vocabulary, or `None` for no labels.
        vocabulary: words that labels are chosen from.
        shot_starts: start of each shot, by which further stills are selected. Without any, only keyframes have vectors.
        vocabulary_vectors: vectors of the `label_prompts` of the vocabulary by the text embedder of ``labels``, each as
            little-endian float32, one per word. Empty if they are not known in advance.
        threads: threads of each engine. 0 means one per core.
    """

    embedder: EngineChoice
    objects: EngineChoice | None = None
    labels: EngineChoice | None = None
    shot_starts: tuple[Moment, ...] = ()
    vocabulary: tuple[str, ...] = ()
    vocabulary_vectors: tuple[bytes, ...] = ()
    threads: int = 0


class StillVector(msgspec.Struct, frozen=True):
    """Unit vector of a still, as little-endian float32."""

    time: Moment
    vector: bytes


class StillKeyword(msgspec.Struct, frozen=True):
    """Keyword of a keyframe: category ``OBJECT`` or ``LABEL``, with a confidence of 0 to 1."""

    time: Moment
    keyword: str
    category: str
    confidence: float


class PicturesResult(msgspec.Struct, frozen=True):
    """Vectors of stills, in order of time, and keywords, each once per keyframe, most confident first."""

    vectors: tuple[StillVector, ...]
    keywords: tuple[StillKeyword, ...]


def run_pictures(opened: OpenedMedia, params: bytes) -> PicturesResult:
    """Embed selected stills of a pack and label its keyframes. Runs in the child process."""
    options = msgspec.json.decode(params, type=PicturesOptions)
    pack = StillPack(opened.file)
    labeller = _labeller(options, on_embedded=lambda done: opened.report(0, done))
    embedder = open_engine(PICTURES, options.embedder, threads=options.threads)
    objects = None if options.objects is None else open_engine(OBJECTS, options.objects, threads=options.threads)
    return analyse_stills(
        pack,
        embedder,
        shot_starts=[start.timecode() for start in options.shot_starts],
        objects=objects,
        labeller=labeller,
        label_embedder=_label_embedder(options, embedder, labeller),
        report=lambda fraction, done: opened.report(fraction, len(options.vocabulary) + done),
    )


def analyse_stills(
    pictures: StillSource,
    embedder: PictureEmbedder,
    *,
    shot_starts: Sequence[Timecode] = (),
    objects: ObjectFinder | None = None,
    labeller: Labeller | None = None,
    label_embedder: PictureEmbedder | None = None,
    report: Callable[[float, int], None],
) -> PicturesResult:
    """Embed stills and label keyframes with loaded engines.

    Args:
        pictures: stills.
        embedder: embedder of the result's vectors.
        shot_starts: start of each shot. See `select_stills`.
        objects: finder of objects.
        labeller: chooser of labels.
        label_embedder: embedder of the labeller's vectors, if it is not ``embedder``.
        report: called after each still with the share and the number done.
    """
    share = _SHARE_OF_SELECTION if shot_starts else 0.0
    selected = select_stills(pictures, shot_starts, report=lambda fraction, done: report(share * fraction, done))
    before = len(pictures.stills) if shot_starts else 0
    vectors: list[StillVector] = []
    keywords: list[StillKeyword] = []
    for done, still in enumerate(selected, 1):
        rgb = pictures.rgb(still)
        time = Moment.of(still.time)
        vector = embedder.embed(rgb)
        vectors.append(StillVector(time, vector_bytes(vector)))
        if still.is_keyframe:
            found: list[tuple[str, str, float]] = []
            if objects is not None:
                found += [(thing.name, OBJECT, thing.confidence) for thing in objects.find(rgb)]
            if labeller is not None:
                input_vector = vector if label_embedder is None else label_embedder.embed(rgb)
                found += [(label.label, LABEL, label.confidence) for label in labeller.label(input_vector)]
            keywords += _distinct_keywords(time, found)
        report(share + (1 - share) * done / len(selected), before + done)
    return PicturesResult(tuple(vectors), tuple(keywords))


def vector_bytes(vector: NDArray[np.float32]) -> bytes:
    """Return a vector as little-endian float32."""
    return vector.astype(_VECTOR).tobytes()


def _distinct_keywords(time: Moment, found: Sequence[tuple[str, str, float]]) -> list[StillKeyword]:
    best: dict[tuple[str, str], float] = {}
    for keyword, category, confidence in found:
        best[keyword, category] = max(best.get((keyword, category), 0.0), confidence)
    certain_first = sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))
    return [StillKeyword(time, keyword, category, confidence) for (keyword, category), confidence in certain_first]


def _labeller(options: PicturesOptions, *, on_embedded: Callable[[int], None]) -> Labeller | None:
    if options.labels is None or not options.vocabulary:
        return None
    if options.vocabulary_vectors:
        vectors = np.stack([np.frombuffer(vector, _VECTOR) for vector in options.vocabulary_vectors]).astype(np.float32)
    else:
        vectors = _embed_vocabulary(
            options.labels, options.vocabulary, threads=options.threads, on_embedded=on_embedded
        )
    labeller = open_engine(LABELS, options.labels, threads=options.threads)
    labeller.learn(options.vocabulary, vectors)
    return labeller


def _embed_vocabulary(
    labels: EngineChoice, vocabulary: Sequence[str], *, threads: int, on_embedded: Callable[[int], None]
) -> NDArray[np.float32]:
    # The text network is freed with this call, because the picture network needs its memory.
    embedder = open_engine(PICTURE_TEXTS, label_texts(labels), threads=threads)
    vectors = np.empty((len(vocabulary), embedder.dimension), np.float32)
    for row, prompt in enumerate(label_prompts(vocabulary)):
        vectors[row] = embedder.embed([prompt])[0]
        on_embedded(row + 1)
    return vectors


def _label_embedder(
    options: PicturesOptions, embedder: PictureEmbedder, labeller: Labeller | None
) -> PictureEmbedder | None:
    """Return the embedder of the labeller if it is not that of the result."""
    if options.labels is None or labeller is None or labeller.reads == embedder.engine:
        return None
    return open_engine(PICTURES, label_pictures(options.labels), threads=options.threads)


def _options(inputs: Inputs) -> PicturesOptions:
    labels = inputs.find_choice(LABELS)
    return PicturesOptions(
        embedder=inputs.choice(PICTURES),
        objects=inputs.find_choice(OBJECTS),
        labels=labels,
        shot_starts=() if inputs.scope.is_picture else tuple(shot.span.start for shot in inputs.of(VISUAL_STAGE).shots),
        vocabulary=() if labels is None else inputs.scope.vocabulary,
        threads=inputs.scope.threads,
    )


async def _with_vocabulary(options: PicturesOptions, services: StageServices) -> PicturesOptions:
    """Add the vectors of the vocabulary, which a worker computes once and not once per analysis."""
    if options.labels is None:
        return options
    return msgspec.structs.replace(options, vocabulary_vectors=await services.label_vectors(options.labels))


PICTURES_STAGE: Final = Stage(
    name="pictures",
    version="3",
    result=PicturesResult,
    step=ChildStep(function=run_pictures, reads=VISUAL_STAGE, prepare=_with_vocabulary),
    options=_options,
    needs=(VISUAL_STAGE,),
    ports=(PICTURES, LABELS, OBJECTS),
    share=6,
)

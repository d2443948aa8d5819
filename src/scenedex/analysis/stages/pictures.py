"""Stage: vectors and visual keywords of keyframes.

Needs: the pack of stills; only keyframes are looked at. Makes: a `PicturesResult`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Moment
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
    from scenedex.engines.embeddings import PictureEmbedder
    from scenedex.engines.keywords import Labeller, ObjectFinder
    from scenedex.media.opened import OpenedMedia
    from scenedex.media.stills import PackedStill

OBJECT: Final = "OBJECT"
LABEL: Final = "LABEL"

_VECTOR = np.dtype("<f4")


class PicturesOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made of the keyframes.

    Attributes:
        embedder: makes their vectors.
        objects: finds things in them; None: nothing is looked for.
        labels: compares them with the vocabulary; None: none are compared.
        vocabulary: the words that labels are chosen from.
        vocabulary_vectors: vectors of the `label_prompts` of the vocabulary by the embedder of texts that belongs to
            ``labels``, each as little-endian float32, one for each word; empty where they are not known from before.
        threads: threads of a network; 0: as many as there are cores.
    """

    embedder: EngineChoice
    objects: EngineChoice | None = None
    labels: EngineChoice | None = None
    vocabulary: tuple[str, ...] = ()
    vocabulary_vectors: tuple[bytes, ...] = ()
    threads: int = 0


class StillVector(msgspec.Struct, frozen=True):
    """The unit vector of a keyframe, as little-endian float32."""

    time: Moment
    vector: bytes


class StillKeyword(msgspec.Struct, frozen=True):
    """A keyword of a keyframe: ``OBJECT`` or ``LABEL``, with a confidence of 0 to 1."""

    time: Moment
    keyword: str
    category: str
    confidence: float


class PicturesResult(msgspec.Struct, frozen=True):
    """One vector of each keyframe, in order of time, and each keyword of a keyframe once, most certain first."""

    vectors: tuple[StillVector, ...]
    keywords: tuple[StillKeyword, ...]


class Pictures(Protocol):
    """Stills that can be looked at one by one."""

    @property
    def stills(self) -> Sequence[PackedStill]:
        """What there is, in order of time."""
        ...

    def rgb(self, still: PackedStill) -> NDArray[np.uint8]:
        """The upright picture as ``(height, width, 3)``."""
        ...


def run_pictures(opened: OpenedMedia, params: bytes) -> PicturesResult:
    """Looks at the keyframes of a pack; called in the child process.

    Raises:
        MediaUnreadable: the file is no complete pack.
        EngineUnavailable: an engine cannot be loaded.
    """
    options = msgspec.json.decode(params, type=PicturesOptions)
    pack = StillPack(opened.file)
    labeller = _labeller(options, on_read=lambda done: opened.report(0, done))
    embedder = open_engine(PICTURES, options.embedder, threads=options.threads)
    objects = None if options.objects is None else open_engine(OBJECTS, options.objects, threads=options.threads)
    return look_at(
        pack,
        embedder,
        objects=objects,
        labeller=labeller,
        label_embedder=_label_embedder(options, embedder, labeller),
        report=lambda fraction, done: opened.report(fraction, len(options.vocabulary) + done),
    )


def look_at(
    pictures: Pictures,
    embedder: PictureEmbedder,
    *,
    objects: ObjectFinder | None = None,
    labeller: Labeller | None = None,
    label_embedder: PictureEmbedder | None = None,
    report: Callable[[float, int], None],
) -> PicturesResult:
    """Looks at the keyframes with engines that are loaded.

    Args:
        pictures: stills, of which the keyframes are taken.
        embedder: makes the vectors of the result.
        objects: finds things.
        labeller: finds labels.
        label_embedder: makes the vectors that the labeller reads; None: ``embedder`` does.
        report: told the share of keyframes that are done and their number, after each.
    """
    keyframes = [still for still in pictures.stills if still.is_keyframe]
    vectors: list[StillVector] = []
    keywords: list[StillKeyword] = []
    for done, still in enumerate(keyframes, 1):
        rgb = pictures.rgb(still)
        time = Moment.of(still.time)
        vector = embedder.embed(rgb)
        vectors.append(StillVector(time, vector_bytes(vector)))
        seen: list[tuple[str, str, float]] = []
        if objects is not None:
            seen += [(thing.name, OBJECT, thing.confidence) for thing in objects.find(rgb)]
        if labeller is not None:
            read = vector if label_embedder is None else label_embedder.embed(rgb)
            seen += [(label.label, LABEL, label.confidence) for label in labeller.label(read)]
        keywords += _each_once(time, seen)
        report(done / len(keyframes), done)
    return PicturesResult(tuple(vectors), tuple(keywords))


def vector_bytes(vector: NDArray[np.float32]) -> bytes:
    """A vector as little-endian float32."""
    return vector.astype(_VECTOR).tobytes()


def _each_once(time: Moment, seen: Sequence[tuple[str, str, float]]) -> list[StillKeyword]:
    best: dict[tuple[str, str], float] = {}
    for keyword, category, confidence in seen:
        best[keyword, category] = max(best.get((keyword, category), 0.0), confidence)
    certain_first = sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))
    return [StillKeyword(time, keyword, category, confidence) for (keyword, category), confidence in certain_first]


def _labeller(options: PicturesOptions, *, on_read: Callable[[int], None]) -> Labeller | None:
    if options.labels is None or not options.vocabulary:
        return None
    known = options.vocabulary_vectors
    if known:
        vectors = np.stack([np.frombuffer(vector, _VECTOR) for vector in known]).astype(np.float32)
    else:
        vectors = _read_vocabulary(options.labels, options.vocabulary, threads=options.threads, on_read=on_read)
    labeller = open_engine(LABELS, options.labels, threads=options.threads)
    labeller.learn(options.vocabulary, vectors)
    return labeller


def _read_vocabulary(
    labels: EngineChoice, vocabulary: Sequence[str], *, threads: int, on_read: Callable[[int], None]
) -> NDArray[np.float32]:
    # The text network is freed with this call, because the picture network needs its memory.
    embedder = open_engine(PICTURE_TEXTS, label_texts(labels), threads=threads)
    vectors = np.empty((len(vocabulary), embedder.dimension), np.float32)
    for row, prompt in enumerate(label_prompts(vocabulary)):
        vectors[row] = embedder.embed([prompt])[0]
        on_read(row + 1)
    return vectors


def _label_embedder(
    options: PicturesOptions, embedder: PictureEmbedder, labeller: Labeller | None
) -> PictureEmbedder | None:
    """What makes the vectors for the labeller where the embedder of the result does not."""
    if options.labels is None or labeller is None or labeller.reads == embedder.engine:
        return None
    return open_engine(PICTURES, label_pictures(options.labels), threads=options.threads)


def _options(inputs: Inputs) -> PicturesOptions:
    labels = inputs.find_choice(LABELS)
    return PicturesOptions(
        embedder=inputs.choice(PICTURES),
        objects=inputs.find_choice(OBJECTS),
        labels=labels,
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
    version="1",
    result=PicturesResult,
    step=ChildStep(function=run_pictures, reads=VISUAL_STAGE, prepare=_with_vocabulary),
    options=_options,
    needs=(VISUAL_STAGE,),
    ports=(PICTURES, LABELS, OBJECTS),
    share=6,
)

"""The pictures and meaning stages in the child process, with real and with tiny random networks."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from engine_choices import choice_of
from networks_pictures import real_weights, write_siglip
from scenedex.analysis.stages.meaning import MeaningOptions, MeaningResult
from scenedex.analysis.stages.pictures import PicturesOptions, PicturesResult
from scenedex.engines.embeddings import MINILM, MPEG7, SIGLIP2
from scenedex.engines.keywords import FASTESTDET, SIGLIP2_LABELS
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.errors import ChildFailed, MediaUnreadable
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPackWriter
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import msgspec

    from scenedex.engines.engine import Engine, EngineChoice

T = TypeVar("T")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=64 * 1024**2,
)


def choice(engine: Engine, folder: Path | None = None) -> EngineChoice:
    return choice_of(engine, folder)


def run(
    entry: str,
    source: Path,
    params: msgspec.Struct,
    result: type[T],
    *,
    readable: Sequence[Path] = (),
    progress: list[float] | None = None,
) -> T:
    async def note(seen: float) -> None:
        if progress is not None:
            progress.append(seen)

    return asyncio.run(
        run_in_child(
            f"scenedex.analysis.stages.{entry}",
            LocalFile(source),
            params,
            result,
            limits=LIMITS,
            readable=readable,
            on_progress=note,
        )
    )


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack of five stills, of which the first and the fourth are keyframes."""
    file = tmp_path / "stills.pack"
    with file.open("wb") as opened:
        writer = StillPackWriter(opened, quality=90)
        for number in range(5):
            picture = np.full((120, 160, 3), number * 50, np.uint8)
            writer.add(Timecode(Fraction(number, 2)), picture, is_keyframe=number in (0, 3))
        writer.close()
    return file


def test_the_bundled_embedder_needs_no_weights(pack: Path) -> None:
    progress: list[float] = []

    result = run(
        "pictures:run_pictures", pack, PicturesOptions(embedder=choice(MPEG7)), PicturesResult, progress=progress
    )

    assert [vector.time.timecode().seconds for vector in result.vectors] == [0, Fraction(3, 2)]
    assert {len(vector.vector) for vector in result.vectors} == {324 * 4}
    assert progress[-1] == 1


def test_one_network_serves_vectors_and_labels(pack: Path, tmp_path: Path) -> None:
    weights = write_siglip(tmp_path / "siglip2-base")
    options = PicturesOptions(
        embedder=choice(SIGLIP2, weights), labels=choice(SIGLIP2_LABELS, weights), vocabulary=("dog", "sky"), threads=1
    )

    result = run("pictures:run_pictures", pack, options, PicturesResult, readable=[weights])

    assert len(result.vectors) == 2
    assert {word.category for word in result.keywords} <= {"LABEL"}


def test_labels_come_with_another_embedder_too_and_from_vectors_known_before(pack: Path, tmp_path: Path) -> None:
    weights = write_siglip(tmp_path / "siglip2-base")
    own = run(
        "pictures:run_pictures",
        pack,
        PicturesOptions(embedder=choice(SIGLIP2, weights)),
        PicturesResult,
        readable=[weights],
    )
    options = PicturesOptions(
        embedder=choice(MPEG7),
        labels=choice(SIGLIP2_LABELS, weights),
        vocabulary=("the first picture",),
        vocabulary_vectors=(own.vectors[0].vector,),
    )

    result = run("pictures:run_pictures", pack, options, PicturesResult, readable=[weights])

    assert {len(vector.vector) for vector in result.vectors} == {324 * 4}
    assert result.keywords[0].keyword == "the first picture"
    assert result.keywords[0].time == own.vectors[0].time
    assert result.keywords[0].confidence > 0.99


def test_a_real_network_finds_objects(pack: Path) -> None:
    weights = real_weights("fastestdet-coco80.onnx").parent
    options = PicturesOptions(embedder=choice(MPEG7), objects=choice(FASTESTDET, weights))

    result = run("pictures:run_pictures", pack, options, PicturesResult, readable=[weights])

    assert all(word.category == "OBJECT" and word.confidence < 0.7 for word in result.keywords)


def test_texts_become_vectors_of_their_meaning(pack: Path) -> None:
    weights = real_weights("all-MiniLM-L6-v2")
    texts = ("A man plays the guitar on a stage.", "", "Share prices fell today.")

    result = run(
        "meaning:run_meaning",
        pack,
        MeaningOptions(choice=choice(MINILM, weights), texts=texts),
        MeaningResult,
        readable=[weights],
    )

    assert [len(vector) for vector in result.vectors] == [384 * 4, 0, 384 * 4]


def test_missing_weights_are_an_error(pack: Path, tmp_path: Path) -> None:
    options = MeaningOptions(choice=choice(MINILM, tmp_path / "nowhere"), texts=("a text",))

    with pytest.raises(ChildFailed, match="missing"):
        run("meaning:run_meaning", pack, options, MeaningResult)


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.pack"
    file.write_bytes(b"nothing of the kind")

    with pytest.raises(MediaUnreadable):
        run("pictures:run_pictures", file, PicturesOptions(embedder=choice(MPEG7)), PicturesResult)

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from scenedex.analysis.stages.meaning import embed_texts
from scenedex.analysis.stages.moments import Moment
from scenedex.analysis.stages.pictures import analyse_stills
from scenedex.analysis.stages.still_selection import WINDOW_SECONDS
from scenedex.engines.embeddings.toy import MeanColours, WordCounts
from scenedex.engines.keywords.scripted import BrightSpotFinder, NearestLabel
from scenedex.media.stills import PackedStill
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class PlainStills:
    """Stills of one colour each, a second apart."""

    colours: Sequence[tuple[int, int, int]]
    keyframes: Sequence[int]

    @property
    def stills(self) -> Sequence[PackedStill]:
        return [
            PackedStill(at, 1, at in self.keyframes, self.colours.index(self.colours[at]), 0)
            for at in range(len(self.colours))
        ]

    def rgb(self, still: PackedStill, *, longest_side: int | None = None) -> NDArray[np.uint8]:  # noqa: ARG002  # all are small
        return np.full((9, 16, 3), self.colours[still.numerator], np.uint8)


@dataclass
class Reports:
    """Recorder of progress."""

    reported: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, fraction: float, done: float) -> None:
        self.reported.append((fraction, done))


RED, GREEN, WHITE = (250, 0, 0), (0, 250, 0), (255, 255, 255)


def test_each_keyframe_has_a_vector_and_other_stills_have_none() -> None:
    reports = Reports()

    result = analyse_stills(PlainStills([RED, GREEN, WHITE], [0, 2]), MeanColours(), report=reports)

    assert [vector.time for vector in result.vectors] == [Moment(0, 1), Moment(2, 1)]
    assert np.frombuffer(result.vectors[0].vector, "<f4").tolist() == [1, 0, 0]
    assert result.keywords == ()
    assert reports.reported == [(0.5, 1), (1, 2)]


def test_a_still_that_looks_different_from_those_of_its_shot_has_a_vector_too() -> None:
    pictures = PlainStills([RED, RED, GREEN, GREEN, RED, GREEN], [0, 4])

    result = analyse_stills(
        pictures, MeanColours(), shot_starts=[Timecode(Fraction(0)), Timecode(Fraction(3))], report=Reports()
    )

    # The second shot begins with a green still and has a red keyframe.
    assert [vector.time.numerator for vector in result.vectors] == [0, 2, 3, 4]


def test_a_look_that_returns_later_has_another_vector() -> None:
    pictures = PlainStills([RED] + [GREEN] * WINDOW_SECONDS + [RED], [0])

    result = analyse_stills(pictures, MeanColours(), shot_starts=[Timecode(Fraction(0))], report=Reports())

    assert [vector.time.numerator for vector in result.vectors] == [0, 1, WINDOW_SECONDS + 1]


def test_objects_and_labels_are_keywords_of_their_still() -> None:
    embedder = MeanColours()
    red, green, _ = np.eye(3, dtype=np.float32)
    axes: dict[str, NDArray[np.float32]] = {"red": red, "green": green}

    result = analyse_stills(
        PlainStills([RED, WHITE], [0, 1]),
        embedder,
        objects=BrightSpotFinder(),
        labeller=NearestLabel(embedder.engine, axes),
        report=Reports(),
    )

    found = [(word.time.numerator, word.keyword, word.category, round(word.confidence, 2)) for word in result.keywords]
    assert found == [(0, "red", "LABEL", 1), (1, "lamp", "OBJECT", 1), (1, "red", "LABEL", 0.58)]


def test_no_keyframes_have_no_results() -> None:
    result = analyse_stills(PlainStills([RED], []), MeanColours(), report=Reports())

    assert (result.vectors, result.keywords) == ((), ())


def test_blank_texts_have_no_vector() -> None:
    reports = Reports()

    result = embed_texts(["red dog", "", " \n"], WordCounts(), report=reports)

    assert [len(vector) for vector in result.vectors] == [64 * 4, 0, 0]
    assert reports.reported[-1] == (1, 3)

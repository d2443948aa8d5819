"""The bundled reader: PP-OCRv6 finds and reads lines. Lines that it cannot read go to a reader of Korean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.engine import find_in_package
from scenedex.engines.text.detection import LineDetector
from scenedex.engines.text.hangul import has_hangul
from scenedex.engines.text.port import (
    PPOCR_KOREAN,
    PPOCR_KOREAN_CHARACTERS,
    PPOCR_KOREAN_FILE,
    RAPIDOCR,
    LineReading,
    TextLine,
)
from scenedex.engines.text.recognition import LineRecogniser

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine, EngineContext
    from scenedex.engines.text.port import KoreanReader, Polygon, TextBox

DETECTION_FILE: Final = "PP-OCRv6_det_small.onnx"
RECOGNITION_FILE: Final = "PP-OCRv6_rec_small.onnx"

_USUAL_SIDE: Final = 960
_DOUBTFUL: Final = 0.85
"""Confidence times coverage below which the reader of Korean reads the line too."""

_UPRIGHT: Final = 1.5
"""Ratio of height to width from which a line is vertical and is turned."""

_MIN_SCORE_KOREAN: Final = 0.65
"""Score of a place from which its line is shown to the reader of Korean, which takes long for what is no text."""

_MIN_ASPECT_KOREAN: Final = 1.2
_MIN_HANGUL: Final = 2
"""Width over height, and Hangul characters, of the shortest word in Korean. Readers see single ones in any picture."""

_MIN_SHARE: Final = 0.2
"""Minimum share of Hangul among the letters of a Korean reading, because Korean readers invent some syllables."""


class PpocrReader:
    """Reader by PP-OCRv6. Upside-down lines and Chinese or Japanese columns are not read.

    It uses weights of a folder instead of those inside the wheel if the context names one.
    """

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = RAPIDOCR
        self._korean: KoreanReader | None = None
        folder = context.folder or bundled_weights()
        self._detector = LineDetector(folder / DETECTION_FILE, threads=context.threads)
        self._recogniser = LineRecogniser(folder / RECOGNITION_FILE, threads=context.threads)

    @property
    def korean(self) -> Engine | None:
        """Reader of Korean."""
        return None if self._korean is None else self._korean.engine

    def use_korean(self, reader: KoreanReader) -> None:
        """Read Korean with another reader."""
        self._korean = reader

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int, first_side: int | None = None) -> Sequence[TextBox]:
        """Return the places of lines."""
        return self._detector.find(rgb, longest_side=longest_side, first_side=first_side)

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        """Read these places."""
        lines = [_straightened(rgb, box.polygon) for box in boxes]
        readings = [
            self._or_korean(line, read) if box.score >= _MIN_SCORE_KOREAN else read
            for box, line, read in zip(boxes, lines, self._recogniser.read(lines), strict=True)
        ]
        return [TextLine(read.text, read.confidence, box) for read, box in zip(readings, boxes, strict=True)]

    def read(self, rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        """Find and read the lines of a picture."""
        return self.read_at(rgb, self.find(rgb, longest_side=_USUAL_SIDE))

    def _or_korean(self, line: NDArray[np.uint8], reading: LineReading) -> LineReading:
        is_short = line.shape[1] < _MIN_ASPECT_KOREAN * line.shape[0]
        if self._korean is None or is_short or reading.confidence * reading.coverage >= _DOUBTFUL:
            return reading
        return better_of(reading, self._korean.read_line(line))


class PpocrKorean:
    """Korean recogniser of PP-OCR, with the layout of the bundled one. Its characters may be in a file of their own."""

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = PPOCR_KOREAN
        network, characters = (context.weights_folder / name for name in (PPOCR_KOREAN_FILE, PPOCR_KOREAN_CHARACTERS))
        self._recogniser = LineRecogniser(network, characters, threads=context.threads)

    def read_line(self, rgb: NDArray[np.uint8]) -> LineReading:
        """Read the picture of a line."""
        return self._recogniser.read([rgb])[0]


def bundled_weights() -> Path:
    """Return the folder of weights inside the wheel of rapidocr.

    Raises:
        EngineUnavailable: rapidocr is not installed.
    """
    missing = "The package rapidocr is not installed: install scenedex with its dependencies."
    return find_in_package("rapidocr", "models", missing)


def _straightened(rgb: NDArray[np.uint8], polygon: Polygon) -> NDArray[np.uint8]:
    """Return the picture of a line with its text from left to right."""
    height, width = rgb.shape[:2]
    corners = np.array(polygon, np.float32) * np.array([width, height], np.float32)
    a, b, c, d = corners.tolist()
    across = max(1, round(max(math.dist(a, b), math.dist(c, d))))
    down = max(1, round(max(math.dist(a, d), math.dist(b, c))))
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    line = cv2.warpPerspective(
        rgb,
        cv2.getPerspectiveTransform(corners, target),
        (across, down),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.uint8, copy=False)
    return np.ascontiguousarray(np.rot90(line)) if down >= _UPRIGHT * across else line


def better_of(bundled: LineReading, korean: LineReading) -> LineReading:
    """Return the Korean reading with the Latin words of the other if it is Korean and surer, else the bundled one."""
    letters = [character for character in korean.text if character.isalpha()]
    hangul = sum(has_hangul(letter) for letter in letters)
    if hangul < _MIN_HANGUL or hangul < _MIN_SHARE * len(letters) or korean.confidence <= _trust(bundled):
        return bundled
    return LineReading(_with_foreign_words(korean.text, bundled.text), korean.certainty, korean.coverage)


def _trust(bundled: LineReading) -> float:
    """Return the confidence, reduced for omitted parts, because the bundled reader omits Korean."""
    return bundled.confidence * bundled.coverage


def _with_foreign_words(korean: str, bundled: str) -> str:
    """Return the Korean text with words in Latin letters and digits from the other reader."""
    words = korean.split()
    places = [place for place, word in enumerate(words) if not has_hangul(word)]
    foreign = [word for word in bundled.split() if word.isascii()]
    if len(places) != len(foreign):
        return korean
    for place, word in zip(places, foreign, strict=True):
        words[place] = word
    return " ".join(words)

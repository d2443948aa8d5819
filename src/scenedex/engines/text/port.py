"""Ports of text on screen: finding and reading lines, and reading one line in Korean. Their engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.engine import Engine
from scenedex.engines.port import OpenedEngine, Port
from scenedex.engines.spec import EngineSpec
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


Point = tuple[float, float]
Polygon = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class TextBox:
    """Place of a line of text.

    Attributes:
        polygon: corners in fractions of width and height, clockwise from the top of the beginning of the line.
        score: confidence that there is text, 0 to 1.
    """

    polygon: Polygon
    score: float

    @property
    def box(self) -> BoundingBox:
        """Upright rectangle around it."""
        across, down = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        return BoundingBox.within(min(across), min(down), max(across), max(down))


@dataclass(frozen=True, slots=True)
class TextLine:
    """Line of text with its place.

    Attributes:
        text: its text, empty if nothing was recognised. Two spaces are a wide gap, as between entries of a ticker.
        confidence: confidence in the whole line, 0 to 1. Below `UNKNOWN` the script is unknown.
        found: its place.
    """

    text: str
    confidence: float
    found: TextBox

    @property
    def box(self) -> BoundingBox:
        """Upright rectangle around it."""
        return self.found.box

    @property
    def polygon(self) -> Polygon:
        """Corners of its place."""
        return self.found.polygon


UNKNOWN = 0.5
"""Confidence below which a line is in a script that the reader does not know."""


class TextReader(OpenedEngine, Protocol):
    """Finds and reads lines of text. It keeps nothing from one picture to the next.

    Pictures are upright RGB of shape ``(height, width, 3)``, of any size from 1 x 1.
    """

    @property
    def korean(self) -> Engine | None:
        """Reader of Korean that it uses, `None` without one."""
        ...

    def use_korean(self, reader: KoreanReader) -> None:
        """Show lines in no known script to a reader of Korean. A reader that knows Korean itself may ignore it."""
        ...

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int, first_side: int | None = None) -> Sequence[TextBox]:
        """Return the places of lines, from top to bottom and left to right.

        Args:
            rgb: the picture.
            longest_side: longer side to which the picture is reduced, in pixels, at least 32. Fewer are faster and miss
                small text.
            first_side: longer side for a first look, which may limit the search to the places that it shows. It makes
                the search of pictures with little text several times faster. Without it, the search is of all of the
                picture.
        """
        ...

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        """Read these places: one line for each, in their order."""
        ...

    def read(self, rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        """Find and read the lines of a picture."""
        ...


@dataclass(frozen=True, slots=True)
class LineReading:
    """Result for the picture of one line.

    Attributes:
        text: its text without surrounding spaces, empty if nothing was recognised. Two spaces are a wide gap.
        certainty: mean confidence of the characters, 0 to 1, 0 without characters.
        coverage: share of the ink that these characters explain, 0 to 1.
    """

    text: str
    certainty: float
    coverage: float

    @property
    def confidence(self) -> float:
        """Confidence in the whole line, 0 to 1."""
        return self.certainty * self.coverage


class KoreanReader(OpenedEngine, Protocol):
    """Reads one line that may be Korean."""

    def read_line(self, rgb: NDArray[np.uint8]) -> LineReading:
        """Read the picture of a line, upright RGB of shape ``(height, width, 3)``."""
        ...


TEXT: Final[Port[TextReader]] = Port("text", "text on screen")


KOREAN: Final[Port[KoreanReader]] = Port("korean", "Korean text on screen", stage="text")

RAPIDOCR: Final = Engine("rapidocr", "3", "ppocr-v6-small")
"""PP-OCRv6 inside the wheel of rapidocr: English, other Latin scripts, Japanese, Chinese."""

PPOCR_KOREAN: Final = Engine("ppocr-korean", "2", "ppocr-korean")
"""The Korean recogniser of PP-OCR, downloaded."""

TESSERACT_KOREAN: Final = Engine("tesseract-korean", "2", "tesseract-korean")
"""Tesseract inside the wheel of tesserocr with the language file of Korean, downloaded or of the system."""

PPOCR_KOREAN_FILE: Final = "korean_PP-OCRv5_rec_mobile.onnx"
PPOCR_KOREAN_CHARACTERS: Final = "korean_dict.txt"
TESSERACT_KOREAN_FILE: Final = "kor.traineddata"

SPECS: Final = (
    EngineSpec(
        port=TEXT,
        engine=RAPIDOCR,
        factory="scenedex.engines.text.ppocr:PpocrReader",
        packages={"rapidocr": "rapidocr", "onnxruntime": "onnxruntime"},
    ),
    EngineSpec(
        port=KOREAN,
        engine=PPOCR_KOREAN,
        factory="scenedex.engines.text.ppocr:PpocrKorean",
        packages={"rapidocr": "rapidocr", "onnxruntime": "onnxruntime"},
        weights=Entry(
            "ppocr-korean",
            "Korean text on screen, PP-OCRv5",
            "Apache-2.0",
            "https://github.com/RapidAI/RapidOCR",
            (
                WeightFile(
                    PPOCR_KOREAN_FILE,
                    f"https://www.modelscope.cn/models/RapidAI/RapidOCR/resolve/v3.10.0/onnx/PP-OCRv5/rec/{PPOCR_KOREAN_FILE}",
                    13_488_748,
                    "cd6e2ea50f6943ca7271eb8c56a877a5a90720b7047fe9c41a2e541a25773c9b",
                ),
            ),
        ),
    ),
    EngineSpec(
        port=KOREAN,
        engine=TESSERACT_KOREAN,
        factory="scenedex.engines.text.tesseract:TesseractKorean",
        packages={"tesserocr": "tesserocr"},
        weights=Entry(
            "tesseract-korean",
            "Korean text on screen, Tesseract's fast weights",
            "Apache-2.0",
            "https://github.com/tesseract-ocr/tessdata_fast",
            (
                WeightFile(
                    TESSERACT_KOREAN_FILE,
                    "https://raw.githubusercontent.com/tesseract-ocr/tessdata_fast/"
                    f"87416418657359cb625c412a48b6e1d6d41c29bd/{TESSERACT_KOREAN_FILE}",
                    1_677_415,
                    "6b85e11d9bbf07863b97b3523b1b112844c43e713df8b66418a081fd1060b3b2",
                ),
            ),
            # Folders of the language files of a system's own Tesseract.
            ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract/tessdata", "/usr/share/tessdata"),
        ),
    ),
)

"""Korean by Tesseract, one line at a time."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.text.port import TESSERACT_KOREAN, TESSERACT_KOREAN_FILE, LineReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_HEIGHT: Final = 64
_WIDEST: Final = 4800
_MARGIN: Final = 10
_SURE: Final = 0.92
_UNSURE: Final = "0.7"
"""Tesseract's usual confidence below which it inverts a line."""

_TONES: Final = (0.15, 0.25, 0.4)
"""Shares of the range of greys that are bright, or dark."""


class TesseractKorean:
    """Korean reader. Its confidence is of the whole line, so its coverage is 1."""

    def __init__(self, context: EngineContext) -> None:
        folder = context.weights_folder
        if not (folder / TESSERACT_KOREAN_FILE).is_file():
            raise EngineUnavailable(
                f"{TESSERACT_KOREAN_FILE} is missing: scenedex weights pull {TESSERACT_KOREAN.weights}"
            )
        library: Any = importlib.import_module("tesserocr")
        self.engine: Final = TESSERACT_KOREAN
        try:
            self._tesseract: Any = library.PyTessBaseAPI(path=str(folder), lang="kor", psm=library.PSM.SINGLE_LINE)
        except RuntimeError as error:
            raise EngineUnavailable(f"{TESSERACT_KOREAN_FILE} is damaged: scenedex weights verify") from error
        # The wheel sends messages to /dev/null. A confined process cannot open it, and crashes with the first message.
        self._tesseract.SetVariable("debug_file", "")

    def read_line(self, rgb: NDArray[np.uint8]) -> LineReading:
        """Read the picture of a line."""
        height, width = rgb.shape[:2]
        size = (min(_WIDEST, max(1, width * _HEIGHT // height)), _HEIGHT)
        grey = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_CUBIC)
        best = LineReading("", 0.0, 0.0)
        former: list[cv2.typing.MatLike] = []
        for picture in _views(grey):
            # Where nothing reaches the edge, two views are the same.
            if any(np.array_equal(picture, view) for view in former):
                continue
            former.append(picture)
            # Unsure lines are read once more with their greys inverted, which the other views are.
            self._tesseract.SetVariable("invert_threshold", _UNSURE if picture is grey else "0")
            best = max(best, self._read(picture), key=lambda reading: reading.certainty)
            if best.certainty >= _SURE:
                break
        return best

    def _read(self, grey: cv2.typing.MatLike) -> LineReading:
        framed = cv2.copyMakeBorder(grey, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_REPLICATE)
        self._tesseract.SetImageBytes(framed.tobytes(), framed.shape[1], framed.shape[0], 1, framed.shape[1])
        text = " ".join(str(self._tesseract.GetUTF8Text()).split())
        certainty = float(self._tesseract.MeanTextConf()) / 100 if text else 0.0
        self._tesseract.Clear()
        return LineReading(text, certainty, 1.0 if text else 0.0)


def _views(grey: cv2.typing.MatLike) -> Iterator[cv2.typing.MatLike]:
    """Yield views of a line in black on white, and the line at last, because captions are on busy pictures and plates.

    The first has its bright parts, the next ones its bright or dark parts without what reaches the edge, as plates do.
    """
    darkest, brightest = np.percentile(grey, (2, 98))
    few, some, many = (share * (brightest - darkest) for share in _TONES)
    yield _ink(grey > brightest - few)
    yield _without_edge(_ink(grey > brightest - few))
    yield _without_edge(_ink(grey < darkest + some))
    yield _without_edge(_ink(grey > brightest - many))
    yield grey


def _ink(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.where(mask, 0, 255).astype(np.uint8)


def _without_edge(view: NDArray[np.uint8]) -> cv2.typing.MatLike:
    """Return a view without the ink that is connected to its edge."""
    framed = cv2.copyMakeBorder(view, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    cv2.floodFill(framed, None, (0, 0), (255,))
    return framed[1:-1, 1:-1]

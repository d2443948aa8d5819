"""Line recognition by PP-OCR's networks: one character or none for every eighth column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.networks import open_picture_network
from scenedex.engines.text.port import LineReading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.networks import OnnxSession

_HEIGHT: Final = 48
_NARROWEST: Final = 320
_WIDEST: Final = 4800
_COLUMNS_AT_ONCE: Final = 2400
"""Maximum number of columns at a time. A column needs some 9 kB in a network of 18 000 characters."""

_REACH: Final = 0.55
"""Width that a character explains on both sides of its middle, in line heights."""

_FULL: Final = 0.95
"""Coverage of a complete line, because middles of characters are known to an eighth of a line height."""

_INK: Final = 0.3
_BLANK: Final = 0


class LineRecogniser:
    """Recogniser in an ONNX file: ``(n, 3, 48, width)`` pictures in, ``(n, columns, 1 + characters + 1)`` shares out.

    Args:
        network: path of the file.
        characters: text file with one character per line, for networks without characters in their metadata.
        threads: threads to compute with, 0 for one per processor.

    Raises:
        EngineUnavailable: a file is missing or damaged, or the network and its characters do not fit together.
    """

    def __init__(self, network: Path, characters: Path | None = None, *, threads: int = 0) -> None:
        self._session = open_picture_network(network, (None, 3, _HEIGHT, None), axes=3, threads=threads)
        self._input = self._session.get_inputs()[0].name
        # The first output is "no character", the last one a space.
        self._characters: tuple[str, ...] = ("", *_characters(self._session, network, characters), " ")
        width = self._session.get_outputs()[0].shape[-1]
        if isinstance(width, int) and width != len(self._characters):
            raise EngineUnavailable(
                f"{network.name} knows {width - 2} characters, its list has {len(self._characters) - 2}:"
                " scenedex weights verify"
            )

    def read(self, lines: Sequence[NDArray[np.uint8]]) -> Sequence[LineReading]:
        """Read pictures of lines, RGB of shape ``(height, width, 3)`` each, in their order."""
        readings: list[LineReading] = [LineReading("", 0, 0)] * len(lines)
        for group in _groups([_fitted_width(line) for line in lines]):
            fitted = [_fitted(lines[place]) for place in group]
            widest = max(_NARROWEST, *(line.shape[1] for line in fitted))
            batch = np.zeros((len(group), 3, _HEIGHT, widest), np.float32)
            for row, line in enumerate(fitted):
                batch[row, :, :, : line.shape[1]] = line[:, :, ::-1].transpose(2, 0, 1) / np.float32(127.5) - 1
            shares: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0]
            best, certainty = shares.argmax(axis=2), shares.max(axis=2)
            for row, place in enumerate(group):
                readings[place] = self._reading(best[row], certainty[row], fitted[row], widest)
        return readings

    def _reading(
        self, best: NDArray[np.intp], certainty: NDArray[np.float32], line: NDArray[np.uint8], padded: int
    ) -> LineReading:
        # A character that continues for some columns is one character.
        begins = np.flatnonzero((best != _BLANK) & (best != np.concatenate(([_BLANK], best[:-1]))))
        characters = [self._characters[int(index)] for index in best[begins]]
        visible = begins[[bool(character.strip()) for character in characters]]
        if not len(visible):
            return LineReading("", 0, 0)
        middles = (visible + 0.5) * padded / len(best)
        covered = _coverage(line, middles)
        return LineReading(
            " ".join("".join(characters).split()), float(np.mean(certainty[visible])), min(1.0, covered / _FULL)
        )


def _coverage(line: NDArray[np.uint8], middles: NDArray[np.float64]) -> float:
    """Return the share of columns with ink that are near a character."""
    ink = line.astype(np.float32).mean(axis=2)[_HEIGHT // 8 : -_HEIGHT // 8].std(axis=0)
    inked: NDArray[np.intp] = np.flatnonzero(ink > _INK * np.percentile(ink, 80))
    if not len(inked):
        return 1.0
    distance: NDArray[np.float64] = np.abs(inked[:, None] - middles[None]).min(axis=1)
    return float(np.mean(distance <= _REACH * _HEIGHT))


def _fitted_width(line: NDArray[np.uint8]) -> int:
    height, width = line.shape[:2]
    return min(_WIDEST, max(1, -(-width * _HEIGHT // height)))


def _fitted(line: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cv2.resize(line, (_fitted_width(line), _HEIGHT)).astype(np.uint8, copy=False)


def _groups(widths: Sequence[int]) -> Iterator[list[int]]:
    """Group positions of lines of similar widths, within the limit of columns."""
    group: list[int] = []
    for place in sorted(range(len(widths)), key=lambda place: widths[place]):
        if group and max(_NARROWEST, widths[place]) * (len(group) + 1) > _COLUMNS_AT_ONCE:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _characters(session: OnnxSession, network: Path, characters: Path | None) -> Sequence[str]:
    inside: str | None = session.get_modelmeta().custom_metadata_map.get("character")
    if inside is not None:
        return inside.splitlines()
    if characters is None or not characters.is_file():
        raise EngineUnavailable(f"The characters of {network.name} are missing: scenedex weights pull")
    try:
        return [line.rstrip("\r\n") for line in characters.read_text(encoding="utf-8").split("\n") if line]
    except UnicodeDecodeError as error:
        raise EngineUnavailable(f"{characters.name} is damaged: scenedex weights verify") from error

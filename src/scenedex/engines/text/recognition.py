"""Line recognition by PP-OCR's networks: one character or none for every eighth column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.networks import open_picture_network
from scenedex.engines.text.east_asian import is_east_asian
from scenedex.engines.text.port import LineReading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.networks import OnnxSession

_HEIGHT: Final = 48
_NARROWEST: Final = 160
"""Minimum number of columns of a batch. With less grey beside a line, more characters are wrong."""

_MULTIPLE: Final = 32
_MAX_PADDING: Final = 1.25
"""Width of a batch over that of its narrowest line, since an empty column takes as long as any other."""

_WIDEST: Final = 4800
_COLUMNS_AT_ONCE: Final = 2400
"""Maximum number of columns at a time. A column needs some 9 kB in a network of 18 000 characters."""

_REACH: Final = 0.55
"""Width that a character explains on both sides of its middle, in line heights."""

_FULL: Final = 0.95
"""Coverage of a complete line, because middles of characters are known to an eighth of a line height."""

_MIN_SPACE: Final = 0.02
"""Minimum share of a space between two letters. Networks are unsure of spaces that are narrow."""

_MIN_SPACE_EAST_ASIAN: Final = 0.5

_MIN_SPACE_BEFORE_CAPITAL: Final = 0.0003
"""Minimum share of a space between a small letter and a capital, such as of two words written closely."""

_NEVER_AFTER_SPACE: Final = frozenset(".,;:!?")

_SMALL, _CAPITAL = "a-z\u00df-\u00ff", "A-Z\u00c0-\u00de"
_UNSPACED: Final = re.compile(
    rf"((?<=[{_SMALL}]{{2}})[.!?](?<!www\.)(?=[{_CAPITAL}][{_SMALL}])(?!(?:Com|Org|Net)\b)"
    rf"|(?<=[{_SMALL}{_CAPITAL}]{{2}}),(?=[{_SMALL}{_CAPITAL}]{{2}}))"
)
"""Marks between a sentence and the next one without a space, and between two words."""

_WIDE_GAP: Final = 0.65
"""Width from which a gap is wide, in line heights."""

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
            widest = max(_columns(line.shape[1]) for line in fitted)
            batch = np.zeros((len(group), 3, _HEIGHT, widest), np.float32)
            for row, line in enumerate(fitted):
                batch[row, :, :, : line.shape[1]] = line[:, :, ::-1].transpose(2, 0, 1) / np.float32(127.5) - 1
            shares: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0]
            for row, place in enumerate(group):
                readings[place] = self._reading(shares[row], fitted[row], widest)
        return readings

    def _reading(self, shares: NDArray[np.float32], line: NDArray[np.uint8], padded: int) -> LineReading:
        best = shares.argmax(axis=1)
        is_other = best[1:] != best[:-1]
        # A character that continues for some columns is one character, as sure as its surest column.
        begins = np.concatenate(([0], np.flatnonzero(is_other) + 1))
        certainty = np.maximum.reduceat(shares.max(axis=1), begins)
        found = [
            _Character(self._characters[int(best[column])], int(column), float(sure))
            for column, sure in zip(begins, certainty, strict=True)
            if self._characters[int(best[column])].strip()
        ]
        if not found:
            return LineReading("", 0, 0)
        middles = (np.array([one.column for one in found]) + 0.5) * padded / len(best)
        inked = _inked_columns(line)
        text = with_spaces_after_marks("".join(_with_spaces(found, shares[:, -1], _gaps(inked, middles))))
        # Marks are small, and unsure even beside sure letters.
        letters = [one.certainty for one in found if one.text.isalnum()] or [one.certainty for one in found]
        return LineReading(text, float(np.mean(letters)), min(1.0, _coverage(inked, middles) / _FULL))


@dataclass(frozen=True, slots=True)
class _Character:
    """Character of a reading, its first column, and its confidence from 0 to 1."""

    text: str
    column: int
    certainty: float


def _with_spaces(found: Sequence[_Character], spaces: NDArray[np.float32], gaps: Sequence[float]) -> Iterator[str]:
    """Yield the characters with the spaces between them. See `LineReading` for wide gaps.

    ``spaces`` has the share of a space in each column, ``gaps`` the empty columns before each character but the first.
    """
    yield found[0].text
    for before, one, gap in zip(found, found[1:], gaps, strict=False):
        if gap >= _WIDE_GAP * _HEIGHT and not (_is_wide_mark(before.text) or _is_wide_mark(one.text)):
            yield "  "
        elif spaces[before.column : one.column + 1].max() >= _min_space(before.text, one.text):
            yield " "
        yield one.text


def _min_space(before: str, after: str) -> float:
    """Return the minimum share of a space between two characters."""
    if is_east_asian(before) or is_east_asian(after):
        return _MIN_SPACE_EAST_ASIAN
    if after in _NEVER_AFTER_SPACE:
        return 1.0
    return _MIN_SPACE_BEFORE_CAPITAL if before.islower() and after.isupper() else _MIN_SPACE


def with_spaces_after_marks(text: str) -> str:
    """Return a text with a space after the end of each sentence and each comma between words.

    Numbers, abbreviations and addresses keep their marks: 3.5, U.S.A., example.com.
    """
    return _UNSPACED.sub(r"\1 ", text)


def _is_wide_mark(character: str) -> bool:
    """Return whether a character is a mark with a gap of its own, such as a Chinese colon."""
    return is_east_asian(character) and not character.isalnum()


def _inked_columns(line: NDArray[np.uint8]) -> NDArray[np.intp]:
    ink = line.astype(np.float32).mean(axis=2)[_HEIGHT // 8 : -_HEIGHT // 8].std(axis=0)
    return np.flatnonzero(ink > _INK * np.percentile(ink, 80))


def _gaps(inked: NDArray[np.intp], middles: NDArray[np.float64]) -> Sequence[float]:
    """Return the widest run of columns without ink between each two characters, in columns."""
    steps, ends = np.diff(inked), inked[1:]
    return [
        float(steps[(ends > left) & (ends < right + _HEIGHT / 4)].max(initial=0)) for left, right in pairwise(middles)
    ]


def _coverage(inked: NDArray[np.intp], middles: NDArray[np.float64]) -> float:
    """Return the share of columns with ink that are near a character."""
    if not len(inked):
        return 1.0
    distance: NDArray[np.float64] = np.abs(inked[:, None] - middles[None]).min(axis=1)
    return float(np.mean(distance <= _REACH * _HEIGHT))


def _fitted_width(line: NDArray[np.uint8]) -> int:
    height, width = line.shape[:2]
    return min(_WIDEST, max(1, -(-width * _HEIGHT // height)))


def _fitted(line: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cv2.resize(line, (_fitted_width(line), _HEIGHT)).astype(np.uint8, copy=False)


def _columns(width: int) -> int:
    """Return the columns of a batch of lines of this width."""
    return max(_NARROWEST, -(-width // _MULTIPLE) * _MULTIPLE)


def _groups(widths: Sequence[int]) -> Iterator[list[int]]:
    """Group positions of lines of similar widths, within the limit of columns."""
    group: list[int] = []
    for place in sorted(range(len(widths)), key=lambda place: widths[place]):
        columns = _columns(widths[place])
        is_full = columns * (len(group) + 1) > _COLUMNS_AT_ONCE
        if group and (is_full or columns > _MAX_PADDING * _columns(widths[group[0]])):
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

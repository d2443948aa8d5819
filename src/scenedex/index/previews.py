"""Preview of an index: a small picture for lists, and small stills and the loudness for a time axis."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexPreview:
    """A poster, a strip of stills and the peaks of the sound. The fields of a part are `None` if its stage did not run.

    Attributes:
        strip_key: key of the object with the strip.
        strip_columns: stills in a row.
        strip_rows: rows.
        tile_width: width of a still in pixels.
        tile_height: height of a still in pixels.
        times_ms: time of each still in milliseconds.
        peaks_per_second: number of peaks in a second.
        peaks: greatest sample of each interval, a byte each.
        poster_key: key of the object with a small copy of the first keyframe.
    """

    strip_key: str | None = None
    strip_columns: int | None = None
    strip_rows: int | None = None
    tile_width: int | None = None
    tile_height: int | None = None
    times_ms: list[int] | None = None
    peaks_per_second: float | None = None
    peaks: bytes | None = None
    poster_key: str | None = None

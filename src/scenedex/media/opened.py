"""Media file as seen by functions in the child."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scenedex.media.sniffing import sniff
from scenedex.media_formats import IMAGE_FORMATS, MediaFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.decode import VideoPass
    from scenedex.media.sound import TracksPass
    from scenedex.media.wall_names import WallName


class OpenedMedia:
    """One media file, whose format is sniffed before any other use.

    Args:
        file: seekable bytes.
        work_dir: only writable folder, if any.
        max_pixels: maximum pixels of a decoded picture.
        report: called with the progress from 0 to 1 and the work done, in any unit that only grows.
        walls: walls of the process that are in force.
    """

    def __init__(
        self,
        file: BinaryIO,
        work_dir: str | None,
        *,
        max_pixels: int,
        report: Callable[[float, int], None],
        walls: frozenset[WallName] = frozenset(),
    ) -> None:
        self.file = file
        self._work_dir = work_dir
        self.max_pixels = max_pixels
        self.report = report
        self.walls = walls

    def format(self) -> MediaFormat:
        """Return the format of the file.

        Raises:
            MediaUnreadable: it is not supported.
        """
        return sniff(self.file)

    @property
    def is_image(self) -> bool:
        """True for a still picture without a film inside."""
        return self.format() in IMAGE_FORMATS and self._film_inside is None

    def film(self) -> tuple[BinaryIO, MediaFormat]:
        """Return the bytes of the film and their format, which may be a part of a motion photo.

        Raises:
            MediaUnreadable: the format is not supported.
        """
        kind = self.format()
        inside = self._film_inside if kind in IMAGE_FORMATS else None
        return inside or (self.file, kind)

    @cached_property
    def _film_inside(self) -> tuple[BinaryIO, MediaFormat] | None:
        from scenedex.media.motion_photos import film_inside  # noqa: PLC0415  # only for pictures

        return film_inside(self.file, max_pixels=self.max_pixels)

    @property
    def work_dir(self) -> Path:
        """Writable folder.

        Raises:
            ValueError: none was given.
        """
        if self._work_dir is None:
            raise ValueError("this child may not write")
        return Path(self._work_dir)

    @contextmanager
    def video(self, *, threads: int = 0) -> Generator[VideoPass]:
        """Start a pass over the frames of the video.

        Raises:
            MediaUnreadable: there is no video, its codec is not supported, or it has no duration.
            DimensionsTooLarge: its header claims more pixels than allowed.
        """
        from scenedex.media.decode import VideoPass  # noqa: PLC0415  # images need no decoder of films

        with self._film(is_seen=True) as (film, length):
            yield VideoPass(film, threads=threads, length=length, report=self.report)

    @contextmanager
    def sound_tracks(self) -> Generator[TracksPass]:
        """Start a pass over all sound tracks of the video.

        Raises:
            MediaUnreadable: there is no video, its codec is not supported, or it has no duration.
            DimensionsTooLarge: its header claims more pixels than allowed.
        """
        from scenedex.media.sound import TracksPass  # noqa: PLC0415  # images need no decoder of films

        with self._film(is_seen=False) as (film, length):
            yield TracksPass(film, length=length, report=self.report)

    @contextmanager
    def _film(self, *, is_seen: bool) -> Generator[tuple[Film, Fraction]]:
        from scenedex.media.canvas import canvas_of  # noqa: PLC0415  # images need no decoder of films
        from scenedex.media.containers import open_film  # noqa: PLC0415  # images need no decoder of films
        from scenedex.media.durations import film_duration  # noqa: PLC0415

        file, kind = self.film()
        # Packets that tell the length are read in a walk of their own.
        length = film_duration(file, kind, max_pixels=self.max_pixels)
        canvas = canvas_of(file, kind, max_pixels=self.max_pixels) if is_seen else None
        with open_film(file, kind, max_pixels=self.max_pixels, canvas=canvas) as film:
            yield film, length

    def image(self) -> NDArray[np.uint8]:
        """Return the upright still picture as ``(height, width, 3)``.

        Raises:
            MediaUnreadable: it is broken.
            DimensionsTooLarge: its header claims more pixels than allowed.
        """
        from scenedex.media.images import read_image  # noqa: PLC0415  # films need no readers of images

        return read_image(self.file, self.format(), max_pixels=self.max_pixels)

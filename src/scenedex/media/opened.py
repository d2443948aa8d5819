"""The media file as the functions in the child see it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scenedex.media.sniffing import IMAGE_FORMATS, MediaFormat, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.media.decode import VideoPass
    from scenedex.media.sound import SoundPass


class OpenedMedia:
    """One media file, sniffed before anything else touches it.

    Args:
        file: its bytes, readable anywhere.
        work_dir: the only folder that may be written to, if any.
        max_pixels: most pixels of a picture that is decoded.
        report: told how far the work has come, 0 to 1, and how much is done, by any measure that only grows.
    """

    def __init__(
        self, file: BinaryIO, work_dir: str | None, *, max_pixels: int, report: Callable[[float, int], None]
    ) -> None:
        self.file = file
        self._work_dir = work_dir
        self.max_pixels = max_pixels
        self.report = report

    def format(self) -> MediaFormat:
        """What the file is.

        Raises:
            MediaUnreadable: it is not supported.
        """
        return sniff(self.file)

    @property
    def is_image(self) -> bool:
        """Whether it is a still picture."""
        return self.format() in IMAGE_FORMATS

    @property
    def work_dir(self) -> Path:
        """The folder to write to.

        Raises:
            ValueError: none was given.
        """
        if self._work_dir is None:
            raise ValueError("this child may not write")
        return Path(self._work_dir)

    @contextmanager
    def video(self, *, threads: int = 0) -> Generator[VideoPass]:
        """One pass over the frames of the video.

        Raises:
            MediaUnreadable: there is no video, its codec is not supported, or it has no length.
            DimensionsTooLarge: its header promises more pixels than allowed.
        """
        from scenedex.media.containers import open_film  # noqa: PLC0415  # images need no decoder of films
        from scenedex.media.decode import VideoPass  # noqa: PLC0415
        from scenedex.media.lengths import film_length  # noqa: PLC0415

        kind = self.format()
        # Packets that tell the length are read in a walk of their own.
        length = film_length(self.file, kind, max_pixels=self.max_pixels)
        with open_film(self.file, kind, max_pixels=self.max_pixels) as film:
            yield VideoPass(film, threads=threads, length=length, report=self.report)

    @contextmanager
    def sound(self) -> Generator[SoundPass]:
        """One pass over the sound of the video; it gives no samples where there is none that can be decoded.

        Raises:
            MediaUnreadable: there is no video, its codec is not supported, or it has no length.
            DimensionsTooLarge: its header promises more pixels than allowed.
        """
        from scenedex.media.containers import open_film  # noqa: PLC0415  # images need no decoder of films
        from scenedex.media.lengths import film_length  # noqa: PLC0415
        from scenedex.media.sound import SoundPass  # noqa: PLC0415

        kind = self.format()
        length = film_length(self.file, kind, max_pixels=self.max_pixels)
        with open_film(self.file, kind, max_pixels=self.max_pixels) as film:
            yield SoundPass(film, length=length, report=self.report)

    def image(self) -> NDArray[np.uint8]:
        """The upright still picture as ``(height, width, 3)``.

        Raises:
            MediaUnreadable: it is broken.
            DimensionsTooLarge: its header promises more pixels than allowed.
        """
        from scenedex.media.images import read_image  # noqa: PLC0415  # films need no readers of images

        return read_image(self.file, self.format(), max_pixels=self.max_pixels)

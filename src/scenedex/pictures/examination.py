"""Examination of an uploaded picture. Runs in the child process."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.engines.embeddings import PICTURES
from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces import FACES
from scenedex.engines.faces.quality import assess
from scenedex.engines.loader import open_engine
from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import encode_jpeg, read_image, read_still, shrink
from scenedex.media.sniffing import sniff_picture
from scenedex.media_formats import PictureFormat
from scenedex.pictures.verdict import Examined, FaceInPicture, faces_that_count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.media.opened import OpenedMedia
    from scenedex.timeline import BoundingBox

ENTRY: Final = "scenedex.pictures.examination:examine"
FILE: Final = "picture.jpg"
MAX_SIDE: Final = 1024
"""Pixels of the longer side of the kept picture, in which faces are detected."""

_QUALITY = 92


class StillForm(msgspec.Struct, frozen=True):
    """Form in which an analysis shows stills to engines: maximum height, and JPEG quality of 1-100."""

    max_height: int
    quality: int


class ExamineOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of an examination.

    Attributes:
        formats: accepted formats.
        min_side: minimum of the shorter side in pixels.
        faces: engine of faces, `None` for no faces.
        max_faces: maximum number of described faces.
        embedders: engines of picture vectors, in the order of the result.
        still: form in which these engines see the picture.
        threads: threads of one engine, 0 for one for each core.
    """

    formats: tuple[PictureFormat, ...]
    min_side: int
    faces: EngineChoice | None
    max_faces: int
    embedders: tuple[EngineChoice, ...]
    still: StillForm
    threads: int = 0


def examine(opened: OpenedMedia, params: bytes) -> Examined:
    """Decode a picture, write it to `FILE`, upright and without metadata, and run the engines on it.

    Raises:
        EngineUnavailable: an engine cannot be loaded.
        MediaUnreadable: the picture is broken, animated, or of a format that is not accepted.
        DimensionsTooLarge: its header states more pixels than allowed.
    """
    options = msgspec.json.decode(params, type=ExamineOptions)
    kind = sniff_picture(opened.file)
    if kind not in options.formats:
        raise MediaUnreadable(f"The file is {kind.upper()}.")
    whole = read_still(opened.file, kind, max_pixels=opened.max_pixels)
    height, width = whole.shape[:2]
    if min(width, height) < options.min_side:
        return Examined(width, height)
    kept = shrink(whole, max(1, height * MAX_SIDE // max(width, height, MAX_SIDE)))
    (opened.work_dir / FILE).write_bytes(encode_jpeg(kept, _QUALITY))
    vectors = _vectors_of(whole, options) if options.embedders else ()
    sizes, boxes, faces = ((), (), ()) if options.faces is None else _faces_of(kept, options.faces, options)
    return Examined(width, height, sizes, faces, vectors, boxes)


def _vectors_of(rgb: NDArray[np.uint8], options: ExamineOptions) -> tuple[tuple[float, ...], ...]:
    """Return the vectors of the picture, encoded as stills are, so that it matches a still of the same picture."""
    jpeg = encode_jpeg(shrink(rgb, options.still.max_height), options.still.quality)
    still = read_image(BytesIO(jpeg), "jpg", max_pixels=rgb.shape[0] * rgb.shape[1])
    # One after another: each engine releases its weights.
    return tuple(
        tuple(open_engine(PICTURES, choice, threads=options.threads).embed(still).tolist())
        for choice in options.embedders
    )


def _faces_of(
    rgb: NDArray[np.uint8], choice: EngineChoice, options: ExamineOptions
) -> tuple[tuple[float, ...], tuple[BoundingBox, ...], tuple[FaceInPicture, ...]]:
    """Return the sizes and boxes of all faces, and descriptions of those that count, all largest first."""
    analyser = open_engine(FACES, choice, threads=options.threads)
    seen = [(face, assess(rgb, face)) for face in analyser.find(rgb, closely=True)]
    seen.sort(key=lambda one: -one[1].size_px)
    sizes = tuple(quality.size_px for _, quality in seen)
    described = seen[: min(faces_that_count(sizes), options.max_faces)]
    faces = tuple(
        FaceInPicture(tuple(analyser.describe(rgb, face).tolist()), quality.score) for face, quality in described
    )
    return sizes, tuple(face.box for face, _ in seen), faces

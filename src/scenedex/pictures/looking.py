"""Looking at an uploaded picture: what is run in the child process."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.engines.embeddings import PICTURES
from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces import FACES, assess
from scenedex.engines.loader import open_engine
from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import encode_jpeg, read_image, read_still, shrink
from scenedex.media.sniffing import PictureFormat, sniff_picture
from scenedex.pictures.verdict import Looked, SeenFace, faces_that_count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.media.opened import OpenedMedia

ENTRY: Final = "scenedex.pictures.looking:look"
FILE: Final = "picture.jpg"
LONGEST_SIDE: Final = 1024
"""Pixels of the longer side of what is kept, and of what faces are looked for in."""

_QUALITY = 92


class StillForm(msgspec.Struct, frozen=True):
    """How an analysis shows a picture to engines of pictures: rows at most, as a JPEG of a quality of 1-100."""

    max_height: int
    quality: int


class LookOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted.

    Attributes:
        formats: the formats that are taken.
        min_side: shorter side of the smallest picture that is looked at, in pixels.
        faces: the engine of faces; None where nobody asks for faces.
        most_faces: faces that are described at most.
        embedders: the engines of pictures, whose vectors are wanted in this order.
        still: the form in which these see the picture.
        threads: of one engine; 0 means as many as there are processors.
    """

    formats: tuple[PictureFormat, ...]
    min_side: int
    faces: EngineChoice | None
    most_faces: int
    embedders: tuple[EngineChoice, ...]
    still: StillForm
    threads: int = 0


def look(opened: OpenedMedia, params: bytes) -> Looked:
    """Decodes a picture, writes it upright, without metadata, as `FILE`, and shows it to the engines.

    Raises:
        EngineUnavailable: an engine that was chosen cannot be loaded.
        MediaUnreadable: it is broken, animated, or of no format that is taken.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    options = msgspec.json.decode(params, type=LookOptions)
    kind = sniff_picture(opened.file)
    if kind not in options.formats:
        raise MediaUnreadable(f"The file is {kind.upper()}.")
    whole = read_still(opened.file, kind, max_pixels=opened.max_pixels)
    height, width = whole.shape[:2]
    if min(width, height) < options.min_side:
        return Looked(width, height)
    kept = shrink(whole, max(1, height * LONGEST_SIDE // max(width, height, LONGEST_SIDE)))
    (opened.work_dir / FILE).write_bytes(encode_jpeg(kept, _QUALITY))
    vectors = _vectors_of(whole, options) if options.embedders else ()
    sizes, faces = ((), ()) if options.faces is None else _faces_of(kept, options.faces, options)
    return Looked(width, height, sizes, faces, vectors)


def _vectors_of(rgb: NDArray[np.uint8], options: LookOptions) -> tuple[tuple[float, ...], ...]:
    """The vectors of the picture, which passes through a file as stills do, so that it equals a still that it shows."""
    jpeg = encode_jpeg(shrink(rgb, options.still.max_height), options.still.quality)
    still = read_image(BytesIO(jpeg), "jpg", max_pixels=rgb.shape[0] * rgb.shape[1])
    # One after another: each takes its weights with it.
    return tuple(
        tuple(open_engine(PICTURES, choice, threads=options.threads).embed(still).tolist())
        for choice in options.embedders
    )


def _faces_of(
    rgb: NDArray[np.uint8], choice: EngineChoice, options: LookOptions
) -> tuple[tuple[float, ...], tuple[SeenFace, ...]]:
    """The sizes of the faces, and descriptions of those that count, both largest first."""
    analyser = open_engine(FACES, choice, threads=options.threads)
    seen = [(face, assess(rgb, face)) for face in analyser.find(rgb, closely=True)]
    seen.sort(key=lambda one: -one[1].size_px)
    sizes = tuple(quality.size_px for _, quality in seen)
    described = seen[: min(faces_that_count(sizes), options.most_faces)]
    return sizes, tuple(
        SeenFace(tuple(analyser.describe(rgb, face).tolist()), quality.score) for face, quality in described
    )

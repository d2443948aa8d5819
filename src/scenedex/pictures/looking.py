"""Looking at an uploaded picture: what is run in the child process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces import assess, open_faces
from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import encode_jpeg, read_still, shrink
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


class LookOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted.

    Attributes:
        formats: the formats that are taken.
        min_side: shorter side of the smallest picture that is looked at, in pixels.
        faces: the engine of faces; None where nobody asks for faces.
        threads: of the engine; 0 means as many as there are processors.
    """

    formats: tuple[PictureFormat, ...]
    min_side: int
    faces: EngineChoice | None
    threads: int = 0


def look(opened: OpenedMedia, params: bytes) -> Looked:
    """Decodes a picture, finds its faces and writes it upright, without metadata, as `FILE`.

    Raises:
        EngineUnavailable: the engine that was chosen cannot be loaded.
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
    sizes, face = ((), None) if options.faces is None else _faces_of(kept, options.faces, options.threads)
    return Looked(width, height, sizes, face)


def _faces_of(rgb: NDArray[np.uint8], choice: EngineChoice, threads: int) -> tuple[tuple[float, ...], SeenFace | None]:
    """The sizes of the faces, largest first, and a description where only one counts."""
    analyser = open_faces(choice, threads=threads)
    seen = [(face, assess(rgb, face)) for face in analyser.find(rgb, closely=True)]
    seen.sort(key=lambda one: -one[1].size_px)
    sizes = tuple(quality.size_px for _, quality in seen)
    if faces_that_count(sizes) != 1:
        return sizes, None
    main, quality = seen[0]
    return sizes, SeenFace(tuple(analyser.describe(rgb, main).tolist()), quality.score)

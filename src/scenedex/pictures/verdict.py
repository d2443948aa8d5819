"""Whether a picture serves its purpose. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.pictures.records import PictureProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.media.sniffing import PictureFormat

MIN_FACE_PX: Final = 24
"""Shorter side of the smallest face that counts."""

BACKGROUND: Final = 0.4
"""A face whose side is less than this share of the largest one's is in the background and does not count."""


class SeenFace(msgspec.Struct, frozen=True):
    """A face of a picture: its unit vector, and how good a likeness it is, 0 to 1."""

    embedding: tuple[float, ...]
    quality: float


class Looked(msgspec.Struct, frozen=True):
    """What was seen in a picture.

    Attributes:
        width: of the upright picture in pixels, as it was uploaded.
        height: of the same.
        sizes: shorter sides in pixels of its faces, largest first; none where the picture is too small.
        faces: those that count, largest first, as many as are wanted.
        vectors: the unit vector of the whole picture by each engine of pictures that was asked, in their order.
    """

    width: int
    height: int
    sizes: tuple[float, ...] = ()
    faces: tuple[SeenFace, ...] = ()
    vectors: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PictureRule:
    """What pictures of one purpose have to be.

    Attributes:
        formats: the formats that are taken.
        min_side: smallest shorter side in pixels.
        needs_face: whether exactly one face has to be seen.
        most_faces: faces that are described at most; 0: none are looked for.
        is_embedded: whether it needs a vector by the engines of pictures.
    """

    formats: tuple[PictureFormat, ...]
    min_side: int
    needs_face: bool
    most_faces: int
    is_embedded: bool


def faces_that_count(sizes: Sequence[float]) -> int:
    """How many of the faces, largest first, are those of whom the picture shows."""
    if not sizes:
        return 0
    return sum(size >= max(MIN_FACE_PX, BACKGROUND * sizes[0]) for size in sizes)


def judge(looked: Looked, rule: PictureRule) -> str | None:
    """The message that says why the picture is of no use; None where it is of use."""
    if min(looked.width, looked.height) < rule.min_side:
        return PictureProblem.TOO_SMALL.message(
            f"the picture is {looked.width}x{looked.height}, a shorter side of {rule.min_side} pixels is needed"
        )
    if not rule.needs_face:
        return None
    count = faces_that_count(looked.sizes)
    if count > 1:
        return PictureProblem.SEVERAL_FACES.message(f"the picture shows {count} faces, exactly one is needed")
    if count == 0 or not looked.faces:
        return PictureProblem.NO_FACE.message("no face was found in the picture")
    return None

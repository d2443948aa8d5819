"""Verdict on an examined picture: it meets the rule of its purpose, or it has a problem. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.pictures.records import PictureProblem
from scenedex.timeline import BoundingBox  # msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.media_formats import PictureFormat

MIN_FACE_PX: Final = 24
"""Minimum of the shorter side of a face that counts, in pixels."""

BACKGROUND: Final = 0.4
"""Share of the largest face's side below which a face is in the background and does not count."""


class FaceInPicture(msgspec.Struct, frozen=True):
    """A face in a picture: its unit vector, and the quality of the likeness, 0 to 1."""

    embedding: tuple[float, ...]
    quality: float


class Examined(msgspec.Struct, frozen=True):
    """Result of an examination.

    Attributes:
        width: width of the upright picture in pixels, as it was uploaded.
        height: height of the same.
        sizes: shorter sides of its faces in pixels, largest first. Empty if the picture is too small.
        faces: faces that count, largest first, up to the requested number.
        vectors: unit vectors of the whole picture, one for each requested engine.
        boxes: places of all its faces, largest first.
    """

    width: int
    height: int
    sizes: tuple[float, ...] = ()
    faces: tuple[FaceInPicture, ...] = ()
    vectors: tuple[tuple[float, ...], ...] = ()
    boxes: tuple[BoundingBox, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureRule:
    """Requirements of one purpose.

    Attributes:
        formats: accepted formats.
        min_side: minimum of the shorter side in pixels.
        needs_face: whether the picture must show exactly one face.
        max_faces: maximum number of described faces, 0 for no detection of faces.
        is_embedded: whether the picture needs vectors of the engines of pictures.
    """

    formats: tuple[PictureFormat, ...]
    min_side: int
    needs_face: bool
    max_faces: int
    is_embedded: bool


def faces_that_count(sizes: Sequence[float]) -> int:
    """Return how many of these faces, largest first, are in the foreground."""
    if not sizes:
        return 0
    return sum(size >= max(MIN_FACE_PX, BACKGROUND * sizes[0]) for size in sizes)


def judge(examined: Examined, rule: PictureRule) -> str | None:
    """Return the message that says why the picture cannot be used, or `None` if it can."""
    if min(examined.width, examined.height) < rule.min_side:
        return PictureProblem.TOO_SMALL.message(
            f"the picture is {examined.width}x{examined.height}, a shorter side of {rule.min_side} pixels is needed"
        )
    if not rule.needs_face:
        return None
    count = faces_that_count(examined.sizes)
    if count > 1:
        places = ", ".join(_place(examined, box) for box in examined.boxes[:count])
        return PictureProblem.SEVERAL_FACES.message(
            f"the picture shows {count} faces, exactly one is needed. Crop it to one of them: {places}"
        )
    if count == 0 or not examined.faces:
        return PictureProblem.NO_FACE.message("no face was found in the picture")
    return None


def remark(examined: Examined, rule: PictureRule) -> str | None:
    """Return which face was taken of a usable picture that must show one, or `None` if it shows no other face."""
    if not rule.needs_face or len(examined.boxes) <= 1:
        return None
    others = len(examined.boxes) - 1
    return (
        f"taken was the largest face, {_place(examined, examined.boxes[0])}. "
        f"{others} smaller {'face does' if others == 1 else 'faces do'} not count"
    )


def _place(examined: Examined, box: BoundingBox) -> str:
    """Return the place of a face in pixels of the uploaded picture, from its upper left corner."""
    left, top = round(box.left * examined.width), round(box.top * examined.height)
    return f"{round(box.width * examined.width)}x{round(box.height * examined.height)} at ({left}, {top})"

"""Frames of transitions between two pictures ``(height, width, 3)``, and frames around pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

SIDES = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
KINDS = {
    "cut": ("cut",),
    "dissolve": ("dissolve",),
    "fade": ("fade-black", "fade-white"),
    "blend": ("blend-1", "blend-2", "blend-2"),
    "wipe": tuple(
        f"wipe-{shape}" for shape in ("left", "up", "diagonal", "circle", "clock", "blinds", "barn", "stripes")
    ),
    "push": tuple(f"{what}-{side}" for what in ("push", "push", "cover", "reveal") for side in SIDES),
    "zoom": ("zoom-grow", "zoom-shrink", "zoom-in", "zoom-cross"),
}
"""Kinds of transitions by theme."""


def join(kind: str, old: Picture, new: Picture, share: float) -> Picture:
    """Return the frame of a transition at ``share``, between 0 and 1, of its length."""
    what, _, variant = kind.partition("-")
    match what:
        case "dissolve" | "blend":
            return mixed(old, new, share)
        case "fade":
            plain = np.full_like(old, 0 if variant == "black" else 255)
            return mixed(old, plain, min(1, share / 0.4)) if share < 0.6 else mixed(plain, new, (share - 0.6) / 0.4)
        case "wipe":
            is_new = _front(variant, old.shape[0], old.shape[1]) < share
            return np.where(is_new[:, :, None], new, old)
        case "zoom":
            return _zoom(variant, old, new, share)
        case _:
            return _slide(what, SIDES[variant], old, new, share)


def mixed(old: Picture, new: Picture, share: float) -> Picture:
    """Return a mix with this share of the new picture."""
    return (old * np.float32(1 - share) + new * np.float32(share)).astype(np.uint8)


def resized(picture: Picture, height: int, width: int) -> Picture:
    """Return a picture of another size, without interpolation."""
    rows = np.arange(max(2, height)) * picture.shape[0] // max(2, height)
    columns = np.arange(max(2, width)) * picture.shape[1] // max(2, width)
    return picture[rows][:, columns]


def framed(picture: Picture, frame: str) -> Picture:
    """Return a picture between black bars, or as the large part of a page."""
    height, width, _ = picture.shape
    around = np.zeros_like(picture)
    match frame:
        case "pillars":
            around[:, width // 3 : width * 2 // 3] = picture[:, width // 3 : width * 2 // 3]
        case "letterbox":
            around[height // 6 : height * 5 // 6] = picture[height // 6 : height * 5 // 6]
        case "uneven":
            around[:, width // 5 : width * 3 // 4] = picture[:, width // 5 : width * 3 // 4]
        case "one side":
            around[:, : width * 9 // 20] = picture[:, : width * 9 // 20]
        case "portrait":
            around = np.zeros((width, height, 3), np.uint8)
            inner = resized(picture, height * height // width, height)
            top = (width - len(inner)) // 2
            around[top : top + len(inner)] = inner
        case "page":
            around[:] = 235
            around[height // 12 :: height // 12, width * 13 // 20 :] = 60
            inner = resized(picture, height * 9 // 10, width * 6 // 10)
            around[height // 20 : height // 20 + inner.shape[0], 8 : 8 + inner.shape[1]] = inner
        case _:
            return picture
    return around


def _front(shape: str, height: int, width: int) -> NDArray[np.float32]:
    """Return the share of a wipe at which each pixel changes."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / np.array([height, width]).reshape(2, 1, 1)
    fronts = {
        "left": 1 - columns,
        "up": 1 - rows,
        "diagonal": (rows + columns) / 2,
        "circle": np.hypot((columns - 0.5) * width / height, rows - 0.5) / 1.02,
        "clock": np.arctan2(columns - 0.5, 0.5 - rows) / (2 * np.pi) % 1,
        "blinds": columns * 6 % 1,
        "barn": np.abs(columns - 0.5) * 2,
        "stripes": (columns + 0.175 * (np.floor(rows * 5) % 5)) / 1.7,
    }
    return fronts[shape]


def _slide(what: str, side: tuple[int, int], old: Picture, new: Picture, share: float) -> Picture:
    height, width, _ = old.shape
    moved = (round(side[0] * share * height), round(side[1] * share * width))
    entered = (moved[0] - side[0] * height, moved[1] - side[1] * width)
    if what == "reveal":
        return _pasted(new.copy(), old, moved)
    return _pasted(_pasted(old.copy(), old, moved) if what == "push" else old.copy(), new, entered)


def _pasted(below: Picture, above: Picture, at: tuple[int, int]) -> Picture:
    height, width, _ = below.shape
    top, left = at
    below[max(0, top) : height + min(0, top), max(0, left) : width + min(0, left)] = above[
        max(0, -top) : height + min(0, -top), max(0, -left) : width + min(0, -left)
    ]
    return below


def _zoom(variant: str, old: Picture, new: Picture, share: float) -> Picture:
    height, width, _ = old.shape
    match variant:
        case "grow" | "shrink":
            below, above, size = (old, new, share) if variant == "grow" else (new, old, 1 - share)
            small = resized(above, round(height * size), round(width * size))
            return _pasted_middle(below.copy(), small)
        case "in":
            return mixed(_magnified(old, 1 + 3 * min(1, 2 * share)), new, max(0, 2 * share - 1))
        case _:
            return mixed(_magnified(old, 1 + 1.5 * share), _magnified(new, 2 - share), min(1, max(0, 2 * share - 0.5)))


def _pasted_middle(below: Picture, small: Picture) -> Picture:
    top, left = (below.shape[0] - small.shape[0]) // 2, (below.shape[1] - small.shape[1]) // 2
    below[top : top + small.shape[0], left : left + small.shape[1]] = small
    return below


def _magnified(picture: Picture, by: float) -> Picture:
    height, width, _ = picture.shape
    rows, columns = round(height / by), round(width / by)
    top, left = (height - rows) // 2, (width - columns) // 2
    return resized(picture[top : top + rows, left : left + columns], height, width)

"""Faces drawn with a few ellipses, enough for detectors that look for edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

SKINS = ((224, 182, 150), (150, 105, 75), (240, 205, 185), (190, 140, 105))


def draw_face(size: int, *, person: int = 0, ground: int = 70) -> Image.Image:
    """Draw a square picture that one frontal face fills. Persons differ in skin and build."""
    large = 8 * 40
    picture = Image.new("RGB", (large, large), (ground, ground + 5, ground + 12))
    draw = ImageDraw.Draw(picture)
    skin = SKINS[person % len(SKINS)]
    wide = 6 * (person % 3)
    shade = tuple(int(level * 0.72) for level in skin)
    dark = (35 + 12 * (person % 4), 25, 20)

    def oval(x: float, y: float, half_width: float, half_height: float, fill: tuple[int, ...]) -> None:
        draw.ellipse((x - half_width, y - half_height, x + half_width, y + half_height), fill=fill)

    oval(160, 140, 104 + wide, 124, dark)
    oval(160, 170, 90 + wide, 120, skin)
    oval(160, 66, 72, 22, dark)
    for side in (-1, 1):
        x = 160 + side * (40 + wide / 3)
        oval(x, 148, 24, 13, shade)
        draw.line((x - 26, 122 + side, x + 26, 120 - side), fill=dark, width=9)
        oval(x, 150, 18, 9, (245, 245, 245))
        oval(x, 150, 8, 8, dark)
    draw.polygon(((160, 150), (140, 204), (180, 204)), fill=shade)
    oval(160, 204, 20, 8, tuple(int(level * 0.6) for level in skin))
    oval(160, 244, 38, 11, (150, 60, 60))
    draw.line((122, 243, 198, 243), fill=(70, 25, 25), width=4)
    return picture.filter(ImageFilter.GaussianBlur(3)).resize((size, size), Image.Resampling.LANCZOS)


def draw_crowd(width: int, height: int, size: int, *, most: int | None = None) -> NDArray[np.uint8]:
    """Draw a picture ``(height, width, 3)`` tiled with faces, up to this number."""
    picture = Image.new("RGB", (width, height), (70, 75, 82))
    places = [(x, y) for y in range(0, height - size + 1, size) for x in range(0, width - size + 1, size)]
    for n, place in enumerate(places[:most]):
        picture.paste(draw_face(size, person=n), place)
    return np.array(picture)

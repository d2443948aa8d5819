"""Contact sheet of small pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL_WIDTH, _CELL_HEIGHT = 320, 180
_LABEL_HEIGHT, _GAP = 28, 12
_GROUND, _INK = (24, 24, 28), (235, 235, 235)


def contact_sheet(pictures: Sequence[tuple[bytes, str]], *, columns: int = 4) -> bytes:
    """Return a JPEG with the pictures in rows and a label below each.

    Args:
        pictures: pictures encoded by Scenedex, and their labels.
        columns: maximum number of pictures in a row.
    """
    columns = max(1, min(columns, len(pictures)))
    rows = -(-len(pictures) // columns)
    step = (_CELL_WIDTH + _GAP, _CELL_HEIGHT + _LABEL_HEIGHT + _GAP)
    sheet = Image.new("RGB", (columns * step[0] + _GAP, max(1, rows) * step[1] + _GAP), _GROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(16)
    for number, (data, label) in enumerate(pictures):
        left, top = (_GAP + at * size for at, size in zip((number % columns, number // columns), step, strict=True))
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((_CELL_WIDTH, _CELL_HEIGHT))
            inset = ((_CELL_WIDTH - picture.width) // 2, (_CELL_HEIGHT - picture.height) // 2)
            sheet.paste(picture, (left + inset[0], top + inset[1]))
        draw.text((left + 4, top + _CELL_HEIGHT + 4), label, fill=_INK, font=font)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=88)
    return out.getvalue()

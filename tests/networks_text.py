"""Tiny networks with the inputs and outputs of PP-OCR, fonts of this machine, and pictures with writing in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPSET = 14
HANGUL = "가나다라마바사"
FONTS = Path("/usr/share/fonts")
TESSDATA = tuple(
    Path(folder)
    for folder in ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract/tessdata", "/usr/share/tessdata")
)


def write_recogniser(file: Path, characters: str = HANGUL, *, carries_characters: bool = True, seed: int = 1) -> None:
    """Write a recogniser with random output: (n, 3, 48, width) to (n, width / 8, 2 + characters).

    Its characters are in the metadata, or beside it in ``korean_dict.txt``.
    """
    outputs = len(characters) + 2
    chance = np.random.default_rng(seed)
    weights = numpy_helper.from_array(chance.normal(0, 6, (3, outputs)).astype(np.float32), "weights")
    nodes = [
        helper.make_node("AveragePool", ["x"], ["pooled"], kernel_shape=[48, 8], strides=[48, 8]),
        helper.make_node("Squeeze", ["pooled", "axes"], ["columns"]),
        helper.make_node("Transpose", ["columns"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["rows", "weights"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["shares"], axis=2),
    ]
    axes = numpy_helper.from_array(np.array([2]), "axes")
    graph = helper.make_graph(
        nodes,
        "recogniser",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 48, "width"])],
        [helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["batch", "columns", outputs])],
        [weights, axes],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    if carries_characters:
        helper.set_model_props(model, {"character": "\n".join(characters)})
    else:
        (file.parent / "korean_dict.txt").write_text("\n".join(characters) + "\n", encoding="utf-8")
    file.write_bytes(model.SerializeToString())


def latin(size: int) -> ImageFont.FreeTypeFont:
    """The font inside Pillow."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def font_named(pattern: str, size: int) -> ImageFont.FreeTypeFont | None:
    """Return a font of this machine, if it is installed."""
    found = next(FONTS.rglob(pattern), None) if FONTS.is_dir() else None
    return None if found is None else ImageFont.truetype(str(found), size)


def written(
    picture: NDArray[np.uint8],
    at: tuple[float, float],
    text: str,
    font: ImageFont.FreeTypeFont,
    *,
    share: float = 1.0,
    colour: str = "white",
) -> NDArray[np.uint8]:
    """Return the picture with a line of outlined text at a point (its upper left corner). ``share`` is its opacity."""
    before = Image.fromarray(picture)
    after = before.copy()
    edge = "black" if colour == "white" else "white"
    ImageDraw.Draw(after).text(at, text, font=font, fill=colour, stroke_width=2, stroke_fill=edge)
    return np.asarray(Image.blend(before, after, share))


def plain(level: int = 60, size: tuple[int, int] = (640, 360)) -> NDArray[np.uint8]:
    """Return a picture of one grey level. The size is width and height."""
    return np.full((size[1], size[0], 3), level, np.uint8)


def soft(seed: int, shift: float = 0, size: tuple[int, int] = (640, 360)) -> NDArray[np.uint8]:
    """Return a picture of soft colours without edges, moved to the left by some pixels."""
    width, height = size
    small = np.random.default_rng(seed).integers(0, 255, (9, 48, 3), dtype=np.uint8)
    wide = Image.fromarray(small).resize((width * 3, height), Image.Resampling.BICUBIC)
    left = int(shift) % (2 * width)
    return np.asarray(wide.crop((left, 0, left + width, height)))


def line_picture(text: str, font: ImageFont.FreeTypeFont) -> NDArray[np.uint8]:
    """Return the picture of a single line."""
    width, height = int(font.getlength(text)) + 30, int(font.size * 1.6)
    return written(plain(40, (width, height)), (15, font.size * 0.2), text, font)

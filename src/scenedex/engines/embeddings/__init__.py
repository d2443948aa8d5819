"""Embeddings: pictures and texts as unit vectors whose closeness means likeness.

The stages `pictures` and `meaning` fill an index with them, a search embeds its query. An embedder must not know
stills, scenes, times or where vectors are kept.
"""

from scenedex.engines.embeddings.names import E5, MINILM, MPEG7, SIGLIP2
from scenedex.engines.embeddings.opening import open_picture_embedder, open_text_embedder
from scenedex.engines.embeddings.port import PictureEmbedder, TextEmbedder

__all__ = [
    "E5",
    "MINILM",
    "MPEG7",
    "SIGLIP2",
    "PictureEmbedder",
    "TextEmbedder",
    "open_picture_embedder",
    "open_text_embedder",
]

"""Embeddings: pictures and texts as unit vectors. Close vectors mean similar content.

The stages `pictures` and `meaning` fill an index with them, and a search embeds its query. Embedders know no stills,
scenes, times or storage.
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

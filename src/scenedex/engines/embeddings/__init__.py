"""Embeddings: pictures and texts as unit vectors. Close vectors mean similar content.

The stages `pictures` and `meaning` fill an index with them, and a search embeds its query. Embedders know no stills,
scenes, times or storage.
"""

from scenedex.engines.embeddings.port import (
    E5,
    LAYOUT,
    LAYOUT_SPEC,
    MEANING,
    MINILM,
    MPEG7,
    PICTURE_TEXTS,
    PICTURES,
    SIGLIP2,
    SPECS,
    USE,
    PictureEmbedder,
    TextEmbedder,
)

__all__ = [
    "E5",
    "LAYOUT",
    "LAYOUT_SPEC",
    "MEANING",
    "MINILM",
    "MPEG7",
    "PICTURES",
    "PICTURE_TEXTS",
    "SIGLIP2",
    "SPECS",
    "USE",
    "PictureEmbedder",
    "TextEmbedder",
]

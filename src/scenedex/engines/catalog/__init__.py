"""Downloadable weights: description, place on this machine, and integrity.

The worker calls `find` before it selects an engine. The commands ``scenedex weights`` list, pull and verify. Only
`pulling` uses the network, and only commands call it. The package knows no engine: each engine declares its entry.
"""

from scenedex.engines.catalog.entries import (
    Content,
    Entry,
    PackagePart,
    WeightFile,
    WeightsError,
    find,
    hugging_face_url,
)

__all__ = ["Content", "Entry", "PackagePart", "WeightFile", "WeightsError", "find", "hugging_face_url"]

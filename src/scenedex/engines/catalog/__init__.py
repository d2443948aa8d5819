"""Downloadable weights: description, place on this machine, and integrity.

The worker calls `find` before it selects an engine. The commands ``scenedex weights`` list, pull and verify. Only
`pulling` uses the network, and only that command calls it. The package knows no engine: each engine declares its entry.
"""

from scenedex.engines.catalog.entries import Catalog, Content, Entry, WeightFile, hugging_face_url
from scenedex.engines.catalog.errors import UnknownWeights, WeightsError
from scenedex.engines.catalog.folders import find

__all__ = ["Catalog", "Content", "Entry", "UnknownWeights", "WeightFile", "WeightsError", "find", "hugging_face_url"]

"""Weights that can be downloaded: what there is, where it lies on this machine, and whether it is sound.

The worker asks `find` before it chooses an engine; the commands ``scenedex weights`` list, pull and verify. Only
`pulling` uses the network, and only that command calls it. Knows no engine: it speaks of stages, names and files.
"""

from scenedex.engines.catalog.entries import Content, Entry, Stage, Use, WeightFile
from scenedex.engines.catalog.errors import UnknownWeights, WeightsError
from scenedex.engines.catalog.folders import find
from scenedex.engines.catalog.published import CATALOG

__all__ = [
    "CATALOG",
    "Content",
    "Entry",
    "Stage",
    "UnknownWeights",
    "Use",
    "WeightFile",
    "WeightsError",
    "find",
]

"""Metrics: one registry for each process, and the sums over all workers.

The platform of a process owns its registry, and the packages above record into it. A worker reports its samples to the
database, where API processes read the sums.
"""

from scenedex.metrics.metrics import Metrics, Outcome, timing

__all__ = ["Metrics", "Outcome", "timing"]

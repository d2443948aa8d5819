"""What processes count and time: one registry for each process, and what all workers measured together.

Owned by the platform of a process and told of facts by the packages above. A worker reports its samples to the
database, where any API process reads their sums. Knows Prometheus' terms and one table, nothing of what is measured.
"""

from scenedex.metrics.metrics import Metrics, Outcome
from scenedex.metrics.timing import timing

__all__ = ["Metrics", "Outcome", "timing"]

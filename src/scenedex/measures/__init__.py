"""What processes count and time: one registry for each process, and what all workers measured together.

Owned by the platform of a process and told of facts by the packages above. A worker reports its samples to the
database, where any API process reads their sums. Knows Prometheus' terms and one table, nothing of what is measured.
"""

from scenedex.measures.measures import Measures, Outcome
from scenedex.measures.timing import timing

__all__ = ["Measures", "Outcome", "timing"]

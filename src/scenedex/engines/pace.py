"""Expected time of an engine on this machine, from its time on a known one and a short computation."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.spec import EngineSpec

REFERENCE_GFLOPS: Final = 99.0
"""Speed of a core of the machine on which `EngineSpec.seconds_per_minute` was measured, see `measure_gflops`."""

# NumPy multiplies matrices of this size with one thread.
_SIZE: Final = 64
_PRODUCTS: Final = 500
_ROUNDS: Final = 10


def measure_gflops() -> float:
    """Return the speed of one core: products of matrices, in 10^9 operations per second of processor time.

    The best of several short rounds counts, because other processes slow some of them down.
    """
    import numpy as np  # noqa: PLC0415  # every command imports this module, and one measures

    matrix = np.full((_SIZE, _SIZE), 0.5, np.float32)
    best = min(_processor_time(matrix) for _ in range(_ROUNDS))
    return 2 * _SIZE**3 * _PRODUCTS / 1e9 / max(best, 1e-9)


def _processor_time(matrix: NDArray[np.float32]) -> float:
    started = time.thread_time()
    for _ in range(_PRODUCTS):
        _ = matrix @ matrix
    return time.thread_time() - started


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seconds_per_minute(spec: EngineSpec, *, gflops: float, cores: int) -> float | None:
    """Return the expected time for a minute of media if an engine has all cores, `None` if it was never measured."""
    if spec.seconds_per_minute is None:
        return None
    return spec.seconds_per_minute * REFERENCE_GFLOPS / gflops / cores

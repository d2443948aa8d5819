from __future__ import annotations

import asyncio
from contextlib import nullcontext
from functools import partial

import pytest

from scenedex.metrics import Metrics, Outcome, timing
from scenedex.metrics.samples import samples_of


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(None, Outcome.COMPLETED), (LookupError(), Outcome.FAILED), (asyncio.CancelledError(), Outcome.STOPPED)],
    ids=["well", "error", "cancel"],
)
def test_tells_how_it_went(error: BaseException | None, outcome: Outcome) -> None:
    metrics = Metrics("worker")

    with pytest.raises(type(error)) if error else nullcontext(), timing(partial(metrics.note_job, "import")):
        if error is not None:
            raise error

    assert samples_of(metrics.registry)["scenedex_job_seconds_count", (("kind", "import"), ("outcome", outcome))] == 1

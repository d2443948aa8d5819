from __future__ import annotations

import asyncio
from contextlib import nullcontext
from functools import partial

import pytest

from scenedex.measures import Measures, Outcome, timing
from scenedex.measures.samples import samples_of


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(None, Outcome.COMPLETED), (LookupError(), Outcome.FAILED), (asyncio.CancelledError(), Outcome.STOPPED)],
    ids=["well", "error", "cancel"],
)
def test_tells_how_it_went(error: BaseException | None, outcome: Outcome) -> None:
    measures = Measures("worker")

    with pytest.raises(type(error)) if error else nullcontext(), timing(partial(measures.note_job, "import")):
        if error is not None:
            raise error

    assert samples_of(measures.registry)["scenedex_job_seconds_count", (("kind", "import"), ("outcome", outcome))] == 1

"""Names in the settings of workers that only workers can check."""

from __future__ import annotations

import pytest

from scenedex.settings import SettingsInvalid, WorkerSettings
from scenedex.worker.options import require_known_names


def test_known_stages_and_kinds_of_jobs_are_accepted() -> None:
    require_known_names(
        WorkerSettings(queues="import,search", stages_at_a_time={"speech": 1, "scenes": 1, "labels": 2})
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (WorkerSettings(queues="films"), r"workers\.queues: 'films' is no kind of job"),
        (WorkerSettings(stages_at_a_time={"smell": 1}), r"workers\.stages_at_a_time: 'smell' is none of visual, faces"),
    ],
    ids=["kind", "stage"],
)
def test_an_unknown_name_is_refused_with_its_setting_and_the_choices(settings: WorkerSettings, message: str) -> None:
    with pytest.raises(SettingsInvalid, match=message):
        require_known_names(settings)

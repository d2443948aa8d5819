import pytest

from scenedex.job_control.estimates import seconds_left_of_running, seconds_left_of_waiting
from scenedex.jobs.state import KindSpeed

ALONE = KindSpeed(seconds_per_unit=0.5, running=1, running_units=100)


def test_a_running_job_goes_on_at_its_own_speed() -> None:
    assert seconds_left_of_running(ALONE, units=100, worked_seconds=30, percent=25) == pytest.approx(90)


@pytest.mark.parametrize("percent", [None, 0, 4, 100])
def test_a_job_whose_progress_says_little_takes_as_long_as_others(percent: int | None) -> None:
    assert seconds_left_of_running(ALONE, units=100, worked_seconds=30, percent=percent) == pytest.approx(20)


def test_a_job_that_takes_longer_than_others_is_about_to_end() -> None:
    assert seconds_left_of_running(ALONE, units=100, worked_seconds=300, percent=None) == 0


def test_a_job_waits_for_half_of_the_running_jobs_and_for_those_before_it() -> None:
    assert seconds_left_of_waiting(ALONE, units=10, units_ahead=40, running_seconds_left=None) == pytest.approx(
        (50 + 40 + 10) * 0.5
    )


def test_several_running_jobs_share_what_comes_before() -> None:
    speed = KindSpeed(seconds_per_unit=0.5, running=4, running_units=400)
    assert seconds_left_of_waiting(speed, units=10, units_ahead=40, running_seconds_left=None) == pytest.approx(
        ((200 + 40) / 4 + 10) * 0.5
    )


@pytest.mark.parametrize("speed", [KindSpeed(None, 1, 100), KindSpeed(0.5, 0, 0)], ids=["none ever ran", "none runs"])
def test_an_unknown_speed_gives_no_estimate(speed: KindSpeed) -> None:
    assert seconds_left_of_waiting(speed, units=10, units_ahead=0, running_seconds_left=None) is None


def test_known_estimates_of_running_jobs_are_used() -> None:
    speed = KindSpeed(seconds_per_unit=0.5, running=2, running_units=400)
    assert seconds_left_of_waiting(speed, units=10, units_ahead=40, running_seconds_left=300) == pytest.approx(
        (300 + 20) / 2 + 5
    )

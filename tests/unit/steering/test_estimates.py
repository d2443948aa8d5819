import pytest

from scenedex.steering.estimates import Pace, left_of_running, left_of_waiting

ALONE = Pace(seconds_a_unit=0.5, at_work=1, units_at_work=100)


def test_a_job_that_runs_goes_on_as_it_began() -> None:
    assert left_of_running(ALONE, units=100, worked_seconds=30, percent=25) == pytest.approx(90)


@pytest.mark.parametrize("percent", [None, 0, 4, 100])
def test_a_job_whose_share_tells_nothing_takes_as_long_as_others(percent: int | None) -> None:
    assert left_of_running(ALONE, units=100, worked_seconds=30, percent=percent) == pytest.approx(20)


def test_a_job_that_takes_longer_than_others_is_about_to_end() -> None:
    assert left_of_running(ALONE, units=100, worked_seconds=300, percent=None) == 0


def test_a_job_waits_for_the_other_half_of_what_runs_and_for_those_before_it() -> None:
    assert left_of_waiting(ALONE, units=10, units_ahead=40, left_at_work=None) == pytest.approx((50 + 40 + 10) * 0.5)


def test_several_at_work_share_what_comes_before() -> None:
    pace = Pace(seconds_a_unit=0.5, at_work=4, units_at_work=400)
    assert left_of_waiting(pace, units=10, units_ahead=40, left_at_work=None) == pytest.approx(
        ((200 + 40) / 4 + 10) * 0.5
    )


@pytest.mark.parametrize("pace", [Pace(None, 1, 100), Pace(0.5, 0, 0)], ids=["none ever ran", "none runs"])
def test_what_nobody_knows_is_not_foretold(pace: Pace) -> None:
    assert left_of_waiting(pace, units=10, units_ahead=0, left_at_work=None) is None


def test_what_is_known_of_those_at_work_is_what_a_job_waits_for() -> None:
    pace = Pace(seconds_a_unit=0.5, at_work=2, units_at_work=400)
    assert left_of_waiting(pace, units=10, units_ahead=40, left_at_work=300) == pytest.approx((300 + 20) / 2 + 5)

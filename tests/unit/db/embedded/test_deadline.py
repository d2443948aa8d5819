from __future__ import annotations

from scenedex.db.embedded.deadline import Deadline


def test_a_deadline_that_has_passed_pauses_nobody() -> None:
    deadline = Deadline(0)

    assert deadline.left == 0
    assert not deadline.pause(1000)


def test_a_pause_before_the_deadline_says_so() -> None:
    deadline = Deadline(1000)

    assert deadline.pause(0)
    assert 0 < deadline.left <= 1000

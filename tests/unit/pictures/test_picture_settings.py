from __future__ import annotations

import pytest
from pydantic import ValidationError

from scenedex.settings import LimitSettings


def test_a_key_lives_no_shorter_than_the_url_that_is_written_to() -> None:
    with pytest.raises(ValidationError, match="must not be less than presigned_seconds"):
        LimitSettings(picture_seconds=899, presigned_seconds=900)


def test_a_key_may_live_as_long_as_its_url() -> None:
    assert LimitSettings(picture_seconds=900, presigned_seconds=900).picture_seconds == 900

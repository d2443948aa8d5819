from __future__ import annotations

import pytest

from command_line import CommandLine
from scenedex.client.testing import Recorder


@pytest.fixture
def service() -> Recorder:
    """Service whose answers a test defines."""
    return Recorder()


@pytest.fixture
def scenedex(service: Recorder) -> CommandLine:
    return CommandLine(
        service,
        {
            "SCENEDEX_ENDPOINT": "https://mi.test",
            "SCENEDEX_WORKSPACE": "archive",
            "SCENEDEX_PROJECT": "1001",
            "NCLOUD_ACCESS_KEY": "AK_TEST",
            "NCLOUD_SECRET_KEY": "SK_TEST",
            "COLUMNS": "200",
        },
    )

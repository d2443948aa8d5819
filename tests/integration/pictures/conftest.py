"""Service without a worker, whose completions hardly wait, and a check that the test runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from picture_upload_desk import QUERY_ASSETS, Desk
from scenedex.settings import LimitSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Service, Serving, Site


@pytest.fixture(scope="session")
def hasty() -> Settings:
    return Settings(limits=LimitSettings(picture_check_seconds=0.01))


@pytest.fixture(scope="module")
def idle(serving: Serving, hasty: Settings) -> Iterator[Service]:
    with serving(hasty) as service:
        yield service


@pytest.fixture
def desk(idle: Service, new_site: Callable[[Service], Site]) -> Desk:
    return Desk(new_site(idle))


@pytest.fixture
def query_desk(idle: Service, new_site: Callable[[Service], Site]) -> Desk:
    return Desk(new_site(idle), QUERY_ASSETS)

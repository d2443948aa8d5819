from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.client import Client
from scenedex.client.testing import ManualTime, Recorder

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.client.persons import Persons
    from scenedex.client.searches import WorkspaceSearch


@pytest.fixture
def manual_time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def service() -> Recorder:
    """Service whose answers a test defines."""
    return Recorder()


@pytest.fixture
def client(service: Recorder, manual_time: ManualTime) -> Generator[Client]:
    with Client("https://mi.test", "AK_TEST", "SK_TEST", transport=service, clock=manual_time.clock()) as client:
        yield client


@pytest.fixture
def search(client: Client) -> WorkspaceSearch:
    return client.search("archive")


@pytest.fixture
def persons(client: Client) -> Persons:
    return client.persons("archive")

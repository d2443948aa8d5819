from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fake_searches import add_harbour
from scenedex.client import Client
from scenedex.client.signing import Credentials
from scenedex.client.testing import FakeService, ManualTime, StoredObject

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.client.searches import WorkspaceSearch


@pytest.fixture
def manual_time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def service(manual_time: ManualTime) -> FakeService:
    """A service with one workspace, ``archive``, whose base project is 1001."""
    service = FakeService(Credentials("AK_TEST", "SK_TEST"), now=manual_time.now)
    service.catalogue.create_workspace("archive", "footage")
    service.catalogue.objects["footage", "interview.mp4"] = StoredObject()
    return service


@pytest.fixture
def client(service: FakeService, manual_time: ManualTime) -> Generator[Client]:
    with Client(
        "https://mi.test", "AK_TEST", "SK_TEST", transport=service, clock=manual_time.clock(), max_retries=3
    ) as client:
        yield client


@pytest.fixture
def search(client: Client) -> WorkspaceSearch:
    return client.search("archive")


@pytest.fixture
def harbour(service: FakeService) -> int:
    """The id of an asset with scenes to be found."""
    return add_harbour(service)

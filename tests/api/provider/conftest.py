"""A server with an OpenID provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from openid_provider import StubProvider, stub_provider
from provider_visitor import CALLBACK, Own, Visitor, settings_for

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.conftest import Service, Serving


@pytest.fixture(scope="session")
def shared_provider() -> Generator[StubProvider]:
    with stub_provider(CALLBACK) as found:
        yield found


@pytest.fixture(scope="session")
def shared_service(shared_provider: StubProvider, serving: Serving) -> Generator[Service]:
    with serving(settings_for(shared_provider)) as service:
        yield service


@pytest.fixture
def provider(shared_provider: StubProvider) -> StubProvider:
    shared_provider.reset()
    return shared_provider


@pytest.fixture
def signing(shared_service: Service) -> Service:
    """Server without users and sessions."""
    shared_service.rows("TRUNCATE provider_accounts, console_sessions, audit_events RESTART IDENTITY CASCADE")
    return shared_service


@pytest.fixture
def visitor(signing: Service, provider: StubProvider) -> Visitor:
    del provider
    return Visitor(signing)


@pytest.fixture
def own(serving: Serving) -> Generator[Own]:
    with stub_provider(CALLBACK) as provider, serving(settings_for(provider)) as service:
        yield Own(provider, service, Visitor(service))

"""A model service and a summariser at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model_service import ModelServer, model_server
from vision_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def server() -> Generator[ModelServer]:
    with model_server(ModelServer()) as running:
        yield running


@pytest.fixture
def desk(server: ModelServer) -> Desk:
    return Desk(server)

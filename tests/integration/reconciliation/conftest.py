"""Service without a worker, with one consistent system in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whole_system import whole_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Service, Serving, Site

    from whole_system import System


@pytest.fixture(scope="module")
def quiet(serving: Serving) -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def system(quiet: Service, new_site: Callable[[Service], Site], tmp_path: Path) -> System:
    return whole_system(quiet, new_site, tmp_path)

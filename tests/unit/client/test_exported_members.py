from __future__ import annotations

import types

import pytest

import scenedex.client
import scenedex.client.testing


@pytest.mark.parametrize("package", [scenedex.client, scenedex.client.testing], ids=lambda package: package.__name__)
def test_all_names_what_is_visible(package: types.ModuleType) -> None:
    visible = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }

    # The function that opens the port has the name of its module.
    assert visible == set(package.__all__)


def test_all_is_sorted() -> None:
    assert sorted(scenedex.client.__all__) == scenedex.client.__all__

from __future__ import annotations

import types

import scenedex.client


def test_all_names_what_is_visible() -> None:
    visible = {
        name
        for name, value in vars(scenedex.client).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }

    assert visible == set(scenedex.client.__all__)


def test_all_is_sorted() -> None:
    assert sorted(scenedex.client.__all__) == scenedex.client.__all__

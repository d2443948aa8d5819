"""Pages of assets, which the database writes in JSON, are equal to the assets one by one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Folder, Service, Serving, Site

KEYS = [
    'a "quoted" name.mp4',
    "back\\slash/\\u0041.mp4",
    "tab\tnewline\nreturn\rbell\x07del\x7f.mp4",
    "한국어/日本語/😀 é e\u0301.mp4",
    "</script>&amp;'.mp4",
    "\u2028\u2029\ufeff.mp4",
]


def listed(folder: Folder, query: str = "pageNum=1") -> list[Any]:
    return json.loads(folder.site.api("GET", f"{folder.path}/assets?{query}").content)["result"]["content"]


@pytest.mark.parametrize("key", KEYS)
def test_shows_an_asset_as_the_call_for_one_does(key: str, site: Site) -> None:
    items = [site.base.register(key), site.base.imported(key)]

    assert listed(site.base) == [item.call("GET").json()["result"] for item in items]


def test_shows_times_in_the_configured_zone(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(server=ServerSettings(time_zone="America/St_Johns"))) as service:
        site = new_site(service)
        item = site.base.imported()

        assert listed(site.base) == [item.call("GET").json()["result"]]


def test_a_page_is_the_same_from_either_end(site: Site) -> None:
    ids = [site.base.register(str(number)).asset_id for number in range(11)]

    for size in (1, 2, 3, 4, 5, 10, 11, 12):
        for number in range(1, 14):
            shown = [asset["assetId"] for asset in listed(site.base, f"pageNum={number}&pageSize={size}")]
            assert shown == ids[(number - 1) * size : number * size], (number, size)

"""10 000 assets and a film of two hours: the page draws and asks for as much as is in sight, and nothing moves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from large_archive import ASSETS, PERSONS
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import StorageState

    from browser_tab import Tab
    from large_archive import LargeArchive

pytestmark = AT_ONE_SIZE

NODES_OF_LIST, NODES_OF_FILM = 1_000, 9_000
LANES_IN_SIGHT = 40
FIRST_LOAD_BYTES = 150_000
WATCH = """
window.moved = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    window.moved.push(...entry.sources.map(({node}) => (node?.parentElement ?? node)?.outerHTML.slice(0, 120)))
}).observe({type: 'layout-shift', buffered: true})
"""
COUNT_NODES = "document.querySelectorAll('*').length"
SENT_BYTES = """
[performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')]
  .filter((one) => one.initiatorType !== 'img').reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
SCROLL = "share => { const main = document.querySelector('main'); main.scrollTop = share * main.scrollHeight }"


@pytest.fixture
def calls(signed_in: StorageState, new_tab: Callable[[StorageState], Tab]) -> tuple[Tab, list[str]]:
    """A tab, and the addresses of its calls of the API."""
    tab = new_tab(signed_in)
    tab.page.add_init_script(WATCH)
    seen: list[str] = []
    tab.page.on("request", lambda request: seen.append(request.url) if "/api/" in request.url else None)
    return tab, seen


@pytest.mark.parametrize("view", ["grid", "list"])
def test_a_list_of_ten_thousand_assets_has_those_in_sight(
    view: str, archive: LargeArchive, calls: tuple[Tab, list[str]]
) -> None:
    tab, asked = calls
    tab.open(f"w/{archive.workspace}/assets?view={view}")
    items = tab.page.locator(".item")

    assert items.first.get_attribute("aria-setsize") == str(ASSETS)
    assert tab.page.evaluate(SENT_BYTES) <= FIRST_LOAD_BYTES
    # Workspaces, projects, counts and a page of assets.
    assert len(asked) <= 4 + 1

    del asked[:]
    for step in range(1, 41):
        tab.page.evaluate(SCROLL, step / 41)
        assert tab.page.evaluate(COUNT_NODES) <= NODES_OF_LIST
    tab.settle()
    # What was scrolled past is not asked for, or at most page by page.
    assert len(asked) <= 41 * 2

    items.first.focus()
    tab.page.keyboard.press("End")
    last = tab.page.locator(f'.item[aria-posinset="{ASSETS}"]')
    last.get_by_text(re.compile(r"\.mp4")).wait_for()
    assert last.evaluate("element => element === document.activeElement")
    assert tab.page.evaluate(COUNT_NODES) <= NODES_OF_LIST
    assert tab.page.evaluate("window.moved") == []


def test_a_list_is_where_it_was_left(archive: LargeArchive, calls: tuple[Tab, list[str]]) -> None:
    tab, _ = calls
    tab.expect(404, "/media")
    tab.open(f"w/{archive.workspace}/assets?name=interview&order=OLDEST")
    tab.page.evaluate(SCROLL, 0.5)
    tab.settle()
    left = tab.page.evaluate("document.querySelector('main').scrollTop")
    assert left > 10_000

    middle = tab.page.locator(".item").nth(20)
    name = middle.locator(".name").inner_text()
    middle.click()
    tab.page.get_by_role("heading", name=name).wait_for()
    tab.page.go_back()
    tab.page.locator(".item", has_text=name).wait_for()

    assert abs(tab.page.evaluate("document.querySelector('main').scrollTop") - left) <= 2


def test_a_shift_selects_all_between(archive: LargeArchive, calls: tuple[Tab, list[str]]) -> None:
    tab, _ = calls
    tab.open(f"w/{archive.workspace}/assets?view=list")
    tab.page.locator(".item").nth(2).click(modifiers=["Control"])
    tab.page.evaluate(SCROLL, 0.05)
    tab.settle()
    reached = tab.page.locator(".item").nth(10)
    place = int(reached.get_attribute("aria-posinset") or 0)
    reached.click(modifiers=["Shift"])

    assert place > 300
    tab.page.get_by_role("toolbar", name=f"{place - 2:,} selected").wait_for()


def test_a_film_of_two_hours_stands_still_and_draws_lanes_in_sight(
    archive: LargeArchive, calls: tuple[Tab, list[str]]
) -> None:
    tab, asked = calls
    tab.expect(404, "/media")
    for name in ("insights", "transcript"):
        tab.open(f"w/{archive.workspace}/assets/{archive.film}?tab={name}")

        assert tab.page.evaluate(COUNT_NODES) <= NODES_OF_FILM
        assert tab.page.evaluate("window.moved") == []
    # Workspaces, the asset, its index and its playback, each once for a screen.
    assert len([one for one in asked if "/media" not in one]) <= 2 * 4

    lanes = tab.page.get_by_role("region", name="Timeline").get_by_role("listitem")
    assert lanes.count() <= LANES_IN_SIGHT
    tab.reach(lanes.first.get_by_role("button"))
    tab.page.keyboard.press("End")
    # Persons come last.
    assert int(lanes.last.get_by_role("button").get_attribute("data-lane") or 0) >= PERSONS
    assert lanes.count() <= LANES_IN_SIGHT
    assert tab.page.evaluate(COUNT_NODES) <= NODES_OF_FILM

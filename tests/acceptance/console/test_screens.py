"""Each screen and its states: accessible in both themes, and as wide as it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from browser_tab import NARROW, WIDE, ZOOMED, Tab, shown
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import KeyPair, Newsroom

pytestmark = AT_ONE_SIZE

WRITING = {"Add files", "Analyse", "New project", "Give a name", "Erase", "Delete", "Move", "New access key", "Revoke"}


@dataclass(frozen=True, slots=True)
class View:
    """A screen in a state.

    Attributes:
        path: path below the workspace. `{film}` is the id of the analysed film.
        clicks: names of the buttons, tabs and menus that lead to the state, one after the other.
        status: status of a refusal that the state is about.
    """

    path: str
    clicks: tuple[str, ...] = ()
    status: int | None = None


VIEWS = {
    "assets": View("assets"),
    "assets-list": View("assets?view=list"),
    "assets-filtered": View("assets?name=nothing"),
    "assets-add": View("assets", ("Add files",)),
    "assets-bucket": View("assets", ("Add files", "From a bucket")),
    "assets-project": View("assets", ("New project",)),
    "keys": View("assets", ("Keys",)),
    "asset": View("assets/{film}"),
    "asset-transcript": View("assets/{film}?tab=transcript"),
    "asset-summary": View("assets/{film}?tab=summary"),
    "asset-text": View("assets/{film}?tab=text"),
    "asset-engines": View("assets/{film}?tab=engines"),
    "asset-analyse": View("assets/{film}", ("Analyse",)),
    "asset-export": View("assets/{film}", ("Export",)),
    "asset-not-analysed": View("assets/{picture}"),
    "asset-unknown": View("assets/999999", status=404),
    "search": View("search"),
    "search-hits": View("search?q=country&level=LOW"),
    "search-filters": View("search?q=country&level=LOW", ("Filters",)),
    "search-export": View("search?q=country&level=LOW", ("Export",)),
    "search-nothing": View("search?person={person}&must=zebra"),
    "persons": View("persons"),
    "persons-filtered": View("persons?name=nobody"),
    "persons-suggestions": View("persons?tab=suggestions"),
    "person": View("persons/{person}"),
    "person-rename": View("persons/{person}", ("Give a name",)),
    "person-erase": View("persons/{person}", ("Erase",)),
    "person-unknown": View("persons/999999", status=404),
    "jobs": View("jobs"),
    "statistics": View("statistics"),
    "settings": View("settings"),
    "settings-users": View("settings?tab=users"),
    "settings-keys": View("settings?tab=keys"),
    "settings-new-key": View("settings?tab=keys", ("New access key",)),
    "settings-engines": View("settings?tab=engines"),
    "settings-audit": View("settings?tab=audit"),
}


def problems_of(tab: Tab) -> list[str]:
    """Return what is wrong with the page in both themes and at all sizes."""
    tab.use_theme("dark")
    found = tab.violations()
    # The themes differ in colours alone, and the sizes in places.
    tab.use_theme("light")
    found += [f"light: {one}" for one in tab.violations("color-contrast")]
    for size in (ZOOMED, NARROW):
        tab.see_size(size)
        found += [f"{size[0]} px wide: {one}" for one in tab.wider_than_seen()]
    found += [f"narrow: {one}" for one in tab.violations("scrollable-region-focusable", "target-size")]
    tab.see_size(WIDE)
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_a_screen_is_accessible_and_fits(name: str, tab: Tab, newsroom: Newsroom) -> None:
    view = VIEWS[name]
    if view.status is not None:
        tab.expect(view.status)
    path = view.path.format(film=newsroom.film, picture=newsroom.picture, person=newsroom.person)

    tab.open(f"w/{newsroom.desk.workspace}/{path}")
    for click in view.clicks:
        tab.click(click)
    tab.settle()

    assert not (problems := problems_of(tab)), shown(problems)


def test_the_sign_in_is_accessible_and_fits(new_tab: Callable[[], Tab]) -> None:
    tab = new_tab()
    tab.expect(401)

    tab.open()
    problems = problems_of(tab)
    tab.page.get_by_label("Access key").fill("nobody")
    tab.page.get_by_label("Secret key").fill("nothing")
    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.get_by_text("No access key in force has this name and secret.").wait_for()
    problems += problems_of(tab)

    assert not problems, shown(problems)


@pytest.mark.parametrize("path", ["assets", "persons", "jobs", "search?q=country", "statistics", "settings?tab=audit"])
def test_an_empty_workspace_is_accessible_and_fits(path: str, tab: Tab, empty_workspace: str) -> None:
    tab.open(f"w/{empty_workspace}/{path}")

    assert not (problems := problems_of(tab)), shown(problems)


@pytest.mark.parametrize(
    "path", ["assets", "assets/{film}", "persons", "persons/{person}", "jobs", "settings?tab=keys"]
)
def test_a_viewer_sees_no_controls_that_write(
    path: str, new_tab: Callable[[], Tab], viewer: KeyPair, newsroom: Newsroom
) -> None:
    tab = new_tab()
    tab.expect(401)
    place = path.format(film=newsroom.film, person=newsroom.person)
    tab.open(f"w/{newsroom.desk.workspace}/{place}")
    tab.sign_in(viewer.access_key, viewer.secret_key)
    tab.settle()

    names = (
        tab.page.get_by_role("main")
        .get_by_role("button")
        .evaluate_all("all => all.map((one) => one.getAttribute('aria-label') ?? one.innerText.trim())")
    )

    assert not [name for name in names if name in WRITING or name.startswith("Name ")]
    assert not (problems := tab.violations()), shown(problems)

"""Each screen and its states: accessible in both themes, and as wide as it is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from browser_tab import NARROW, WIDE, ZOOMED, Tab, shown
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Route

    from large_archive import LargeArchive
    from processes import Server

    from .conftest import KeyPair, Newsroom

pytestmark = AT_ONE_SIZE

WRITING = {"Add files", "Analyse", "New project", "Give a name", "Erase", "Delete", "Move", "New access key", "Revoke"}


SLOW_MS = 300
LANGUAGES = ("en", "ko", "ja")


@dataclass(frozen=True, slots=True)
class View:
    """A screen in a state.

    Attributes:
        path: path below the workspace. `{film}` is the id of the analysed film.
        clicks: names of the buttons, tabs and menus that lead to the state, one after the other.
        status: status of a refusal that the state is about.
        selects: whether the first asset is selected before.
    """

    path: str
    clicks: tuple[str, ...] = ()
    status: int | None = None
    selects: bool = False


# A server, a browser and a sign-in take longer than a screen, so each test looks at several.
VIEWS = {
    "assets": {
        "grid": View("assets"),
        "list": View("assets?view=list"),
        "filtered": View("assets?name=nothing"),
        "add": View("assets", ("Add files",)),
        "bucket": View("assets", ("Add files", "From a bucket")),
        "project": View("assets", ("New project",)),
        "analyse": View("assets", ("Analyse",), selects=True),
        "move": View("assets", ("Move",), selects=True),
        "delete": View("assets", ("Delete",), selects=True),
        "keys": View("assets", ("Keys",)),
    },
    "asset": {
        "insights": View("assets/{film}"),
        "transcript": View("assets/{film}?tab=transcript"),
        "summary": View("assets/{film}?tab=summary"),
        "text": View("assets/{film}?tab=text"),
        "engines": View("assets/{film}?tab=engines"),
        "analyse": View("assets/{film}", ("Analyse",)),
        "export": View("assets/{film}", ("Export",)),
        "part-of-picture": View("assets/{film}", ("Search for a part of the picture",)),
        "from-a-search": View("assets/{film}?found=q%3Dcountry", ("Next hit",)),
        "not-analysed": View("assets/{picture}"),
        "unknown": View("assets/999999", status=404),
    },
    "search": {
        "start": View("search"),
        "hits": View("search?q=country&level=LOW"),
        "filters": View("search?q=country&level=LOW", ("Filters",)),
        "export": View("search?q=country&level=LOW", ("Export",)),
        "nothing": View("search?person={person}&must=zebra"),
        "ask": View("search/ask"),
        "answer": View("search/ask?q=What+do+the+fellow+Americans+ask"),
        "no-answer": View("search/ask?q=How+many+zebras+live+on+Mars"),
    },
    "persons": {
        "all": View("persons"),
        "filtered": View("persons?name=nobody"),
        "suggestions": View("persons?tab=suggestions"),
        "person": View("persons/{person}"),
        "rename": View("persons/{person}", ("Give a name",)),
        "erase": View("persons/{person}", ("Erase",)),
        "unknown": View("persons/999999", status=404),
    },
    "others": {
        "jobs": View("jobs"),
        "statistics": View("statistics"),
        "settings": View("settings"),
        "settings-users": View("settings?tab=users"),
        "settings-keys": View("settings?tab=keys"),
        "settings-new-key": View("settings?tab=keys", ("New access key",)),
        "settings-engines": View("settings?tab=engines"),
        "settings-audit": View("settings?tab=audit"),
    },
}
# States of assets as they are in the database, and the words that the page has for them.
STATES = {
    "importing": ("UPDATE assets SET import_status = 'IN_PROGRESS', import_percent = 40", "Importing"),
    "import failed": ("UPDATE assets SET import_status = 'FILE_NOT_EXIST', import_result = 'no such object'", "Failed"),
    "waiting": ("UPDATE analyses SET status = 'WAIT_ANALYZE', message = NULL", "Waiting"),
    "analysing": ("UPDATE analyses SET status = 'ANALYZING', percent = 40, stage = 'shots'", "Analysing"),
    "analysis failed": ("UPDATE analyses SET status = 'ANALYZE_FAIL', message = 'The file is damaged'", "failed"),
}
LISTS = ("assets", "assets/{film}", "search?q=country", "persons", "persons/{person}", "jobs", "statistics")


def problems_of(tab: Tab, languages: Sequence[str] = LANGUAGES) -> list[str]:
    """Return what is wrong with the page in both themes, at all sizes and in these languages."""
    tab.use_theme("dark")
    found = tab.violations()
    # The themes differ in colours alone, and the sizes in places.
    tab.use_theme("light")
    found += [f"light: {one}" for one in tab.violations("color-contrast")]
    has_languages = tab.page.locator("header select").count() > 1
    for language in languages if has_languages else ("en",):
        if has_languages:
            tab.use_language(language)
        for size in (WIDE, ZOOMED, NARROW):
            tab.see_size(size)
            found += [f"{size[0]} px, {language}: {one}" for one in (*tab.wider_than_seen(), *tab.cut_texts())]
    if has_languages:
        tab.use_language("en")
    found += [f"narrow: {one}" for one in tab.violations("scrollable-region-focusable", "target-size")]
    tab.see_size(WIDE)
    return found


@pytest.mark.parametrize("group", VIEWS)
def test_screens_are_accessible_and_fit(group: str, tab: Tab, newsroom: Newsroom) -> None:
    problems: list[str] = []
    for name, view in VIEWS[group].items():
        if view.status is not None:
            tab.expect(view.status)
        tab.open(f"w/{newsroom.desk.workspace}/{view.path}".format(**newsroom.ids))
        if view.selects:
            tab.page.locator(".item").first.press("x")
        for click in view.clicks:
            tab.click(click)
        tab.settle()
        problems += [f"{name}: {one}" for one in problems_of(tab)]

    assert not problems, shown(problems)


def test_states_of_assets_are_accessible_and_fit(console: Server, tab: Tab, other_archive: LargeArchive) -> None:
    problems: list[str] = []
    tab.expect(404, "/media")
    # The newest asset is the film. Not all others are analysed.
    analysed = console.rows(
        "SELECT asset_id FROM analyses WHERE asset_id BETWEEN %s AND %s ORDER BY asset_id DESC LIMIT %s",
        other_archive.film - 30,
        other_archive.film - 2,
        len(STATES),
    )
    for (asset,), (name, (statement, words)) in zip(analysed, STATES.items(), strict=True):
        console.rows(f"{statement} WHERE asset_id = %s RETURNING asset_id", asset)
        tab.open(f"w/{other_archive.workspace}/assets/{asset}")
        tab.page.get_by_text(words).filter(visible=True).first.wait_for()
        problems += [f"{name}: {one}" for one in problems_of(tab)]
    tab.open(f"w/{other_archive.workspace}/assets?view=list")
    problems += [f"list: {one}" for one in problems_of(tab)]

    assert not problems, shown(problems)


def test_refusals_and_waits_are_accessible_and_fit(tab: Tab, newsroom: Newsroom) -> None:
    problems: list[str] = []
    tab.expect(503)
    waiting: list[Route] = []

    def wait(route: Route) -> None:
        waiting.append(route)

    def refuse(route: Route) -> None:
        route.fulfill(status=503, json={"responseError": {"code": "50303", "message": "Busy.", "details": []}})

    for path in LISTS:
        for name, answer in (("refused", refuse), ("waiting", wait)):
            tab.page.goto("about:blank")
            tab.page.route(re.compile(r"/api/v1/workspaces/"), answer)
            tab.page.goto(f"{tab.url}/console/w/{newsroom.desk.workspace}/{path}".format(**newsroom.ids))
            if name == "refused":
                tab.page.get_by_text("The server cannot answer at the moment").first.wait_for()
            else:
                tab.page.locator("main").wait_for()
                # What is slow is shown as such after some time.
                tab.page.wait_for_timeout(SLOW_MS)
            problems += [f"{path}, {name}: {one}" for one in problems_of(tab, LANGUAGES[:1])]
            tab.page.unroute_all(behavior="ignoreErrors")

    assert not problems, shown(problems)


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


def test_an_empty_workspace_is_accessible_and_fits(tab: Tab, empty_workspace: str) -> None:
    problems: list[str] = []
    for path in ("assets", "persons", "jobs", "search?q=country", "statistics", "settings?tab=audit"):
        tab.open(f"w/{empty_workspace}/{path}")
        problems += [f"{path}: {one}" for one in problems_of(tab)]

    assert not problems, shown(problems)


def test_a_viewer_sees_no_controls_that_write(new_tab: Callable[[], Tab], viewer: KeyPair, newsroom: Newsroom) -> None:
    tab = new_tab()
    tab.expect(401)
    tab.open(f"w/{newsroom.desk.workspace}/assets")
    tab.sign_in(viewer.access_key, viewer.secret_key)
    problems: list[str] = []

    for path in ("assets", "assets/{film}", "persons", "persons/{person}", "jobs", "settings?tab=keys"):
        tab.open(f"w/{newsroom.desk.workspace}/{path}".format(**newsroom.ids))
        names = (
            tab.page.get_by_role("main")
            .get_by_role("button")
            .evaluate_all("all => all.map((one) => one.getAttribute('aria-label') ?? one.innerText.trim())")
        )
        problems += [f"{path}: {name}" for name in names if name in WRITING or name.startswith("Name ")]
        problems += [f"{path}: {one}" for one in tab.violations()]

    assert not problems, shown(problems)

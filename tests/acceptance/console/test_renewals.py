"""Presigned addresses of pictures end while a page is open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from newsroom import open_desk
from processes import Server, running, until
from scenedex.client import AnalysisOptions
from sizes import AT_ONE_SIZE

from .conftest import QUICK, KeyPair, Newsroom

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from playwright.sync_api import Response, Route

    from browser_tab import Tab
    from sizes import Ground

pytestmark = AT_ONE_SIZE
LIFE_SECONDS = 10
FACE = "li[data-person] img"
IS_SHOWN = "[...document.querySelectorAll({selector!r})].some((one) => one.complete && one.naturalWidth > 0)"


@pytest.fixture(scope="module")
def brief(new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Server whose presigned addresses end after ten seconds."""
    data_dir = tmp_path_factory.mktemp("brief") / "data"
    settings = {**QUICK, "SCENEDEX_LIMITS_PRESIGNED_SECONDS": str(LIFE_SECONDS)}
    with running(Server(data_dir, new_ground(data_dir), settings)) as started:
        yield started


@pytest.fixture(scope="module")
def newsroom(brief: Server, speech_film: Path) -> Generator[Newsroom]:
    brief.put("speech.mp4", speech_film.read_bytes())
    with open_desk(brief) as desk:
        film = desk.imported("speech.mp4")
        index = desk.analysed(film, AnalysisOptions(analysis_person_count=5))
        persons = [person.person_id for scene in index.scenes for person in scene.persons]
        yield Newsroom(desk, film, film, persons[0])


@pytest.fixture
def tab(newsroom: Newsroom, brief: Server, new_tab: Callable[..., Tab]) -> Tab:
    """A tab of a manager who is signed in."""
    del newsroom
    found = new_tab(None, brief.endpoint)
    found.expect(401)
    found.page.goto(f"{brief.endpoint}/console/")
    keys = KeyPair(*brief.key())
    found.sign_in(keys.access_key, keys.secret_key)
    return found


def is_shown(tab: Tab, selector: str) -> bool:
    return tab.page.evaluate(IS_SHOWN.format(selector=selector))


def test_a_picture_that_comes_too_late_is_asked_for_again(tab: Tab, newsroom: Newsroom) -> None:
    held: list[Route] = []
    is_late = False
    answers: list[Response] = []
    tab.expect(0, "/objects/")
    tab.expect(403, "/objects/")
    tab.page.on("response", lambda answer: answers.append(answer) if "/objects/" in answer.url else None)
    tab.page.route("**/objects/**", lambda route: route.continue_() if is_late else held.append(route))
    tab.page.goto(f"{tab.url}/console/w/{newsroom.desk.workspace}/assets/{newsroom.film}")
    tab.page.locator(FACE).wait_for(state="attached")
    first = tab.page.locator(FACE).get_attribute("src")
    assert first is not None

    tab.page.wait_for_timeout((LIFE_SECONDS + 2) * 1000)
    is_late = True
    for route in held:
        route.continue_()

    until(lambda: is_shown(tab, FACE), "the face is shown")
    again = tab.page.locator(FACE).get_attribute("src")
    assert again is not None
    assert again != first
    assert urlsplit(again).path == urlsplit(first).path
    refused = {urlsplit(one.url).path for one in answers if one.status == 403}
    # Those that the timeline draws are asked for again, too.
    until(lambda: waited(tab) and refused <= paths_of(answers, 200), f"all of {refused} are read")


def paths_of(answers: list[Response], status: int) -> set[str]:
    return {urlsplit(one.url).path for one in answers if one.status == status}


def test_a_picture_that_is_shown_stays_as_its_address_changes(tab: Tab, newsroom: Newsroom) -> None:
    picture = "[role=option] img"
    objects: list[str] = []
    lists: list[str] = []
    tab.page.on("request", lambda asked: objects.append(asked.url) if "/objects/" in asked.url else None)
    tab.page.on("response", lambda answer: lists.append(answer.text()) if "asset-states?" in answer.url else None)
    tab.page.goto(f"{tab.url}/console/w/{newsroom.desk.workspace}/assets")
    until(lambda: is_shown(tab, picture), "the keyframe is shown")
    before = tab.page.locator(picture).get_attribute("src")

    until(lambda: waited(tab) and len(set(lists)) > 1, "the list has come again with other addresses")

    assert tab.page.locator(picture).get_attribute("src") == before
    assert is_shown(tab, picture)
    assert len(objects) == 1


def waited(tab: Tab) -> bool:
    """Let the browser work for a while."""
    tab.page.wait_for_timeout(500)
    return True

"""What goes wrong between the page and the server, and how the page comes through it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from browser_tab import shown
from newsroom import open_desk
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Route

    from browser_tab import Tab
    from processes import Server

    from .conftest import KeyPair, Newsroom

pytestmark = AT_ONE_SIZE


def test_enter_during_a_composition_fires_nothing(tab: Tab, newsroom: Newsroom) -> None:
    tab.open(f"w/{newsroom.desk.workspace}/search")
    field = tab.page.get_by_label("Text", exact=True)
    field.focus()
    before = tab.page.url

    tab.command("Input.imeSetComposition", text="한", selectionStart=1, selectionEnd=1)
    # Browsers name this key Process, and its code is Enter.
    pressed = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    for kind in ("rawKeyDown", "keyUp"):
        tab.command("Input.dispatchKeyEvent", type=kind, **pressed)

    assert tab.page.url == before
    tab.command("Input.insertText", text="한국")
    assert field.input_value() == "한국"
    field.press("Enter")
    tab.page.wait_for_url("**/search?q=*")


def test_a_session_that_is_over_leaves_what_was_typed(tab: Tab, newsroom: Newsroom, manager: KeyPair) -> None:
    tab.open(f"w/{newsroom.desk.workspace}/search")
    tab.expect(401)
    tab.page.get_by_label("Text", exact=True).fill("a long question")
    tab.page.context.clear_cookies()

    tab.page.get_by_role("main").get_by_role("button", name="Search").click()
    dialog = tab.page.get_by_role("dialog", name="The session is over")
    dialog.wait_for()
    assert not (problems := tab.violations()), shown(problems)
    dialog.get_by_label("Access key").fill(manager.access_key)
    dialog.get_by_label("Secret key").fill(manager.secret_key)
    dialog.get_by_role("button", name="Sign in").click()
    dialog.wait_for(state="detached")

    assert tab.page.get_by_label("Text", exact=True).input_value() == "a long question"


def test_a_server_that_stops_and_starts_is_waited_for(tab: Tab, newsroom: Newsroom, console: Server) -> None:
    tab.open(f"w/{newsroom.desk.workspace}/jobs")
    tab.expect(0)
    banner = tab.page.get_by_text("The server does not answer. The page tries again")

    console.stop()
    banner.wait_for()
    assert not (problems := tab.violations()), shown(problems)
    console.start()

    banner.wait_for(state="detached")
    tab.page.get_by_text("Nothing waits, runs or has failed.").wait_for()


def test_an_upload_that_is_cut_begins_again(tab: Tab, console: Server, speech_film: Path) -> None:
    cuts: list[str] = []

    def cut_once(route: Route) -> None:
        if cuts or route.request.method != "PUT":
            route.fallback()
        else:
            cuts.append(route.request.url)
            route.abort("connectionreset")

    tab.expect(0, "/objects/|/uploads/")
    with open_desk(console) as desk:
        tab.open(f"w/{desk.workspace}/assets")
        tab.page.route("**/*", cut_once)
        tab.drop(speech_film)
        tab.page.get_by_text("Uploaded").wait_for()

        assert cuts
        assert [asset.file_name for asset in desk.assets.list()] == ["speech.mp4"]


def test_a_link_of_this_machine_signs_in_once(console: Server, new_tab: Callable[[], Tab]) -> None:
    # Commands of operators run an event loop of their own, and Playwright has that of this thread.
    with ThreadPoolExecutor(1) as beside:
        link = beside.submit(console.run, "console", "link", "--port", str(console.port)).result().split()[0]
    first, second = new_tab(), new_tab()
    second.expect(401)

    first.page.goto(link)
    first.page.get_by_role("button", name="Sign out").wait_for()
    second.page.goto(link)
    second.page.get_by_role("button", name="Sign in").wait_for()

    assert "sign-in" not in first.page.url

"""Console, SDK and commands below a path that a proxy removes, and the sign-in at an OpenID provider there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from openid_provider import CLIENT_ID, CLIENT_SECRET, StubProvider, stub_provider
from operators import operate
from ports import free_port
from processes import PATIENCE_S, Server, running
from scenedex.client import Client
from sizes import AT_ONE_SIZE
from stripping_proxy import PREFIX, stripping_proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from playwright.sync_api import StorageState

    from browser_tab import Tab
    from sizes import Ground

pytestmark = AT_ONE_SIZE


@dataclass(frozen=True, slots=True)
class Below:
    """A server below a path.

    Attributes:
        url: address with the path.
    """

    server: Server
    provider: StubProvider
    url: str
    access_key: str
    secret_key: str


@pytest.fixture(scope="module")
def below(new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory) -> Generator[Below]:
    folder = tmp_path_factory.mktemp("below")
    port, server_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}{PREFIX}"
    with stub_provider(f"{url}/console/oidc/callback") as provider:
        provider.asks = True
        settings = {
            "SCENEDEX_SERVER_PUBLIC_URL": url,
            "SCENEDEX_OIDC_ISSUER": provider.url,
            "SCENEDEX_OIDC_CLIENT_ID": CLIENT_ID,
            "SCENEDEX_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "SCENEDEX_OIDC_NAME": "Newsroom ID",
            "SCENEDEX_OIDC_GROUPS": '{"editors": "manager", "readers": "viewer"}',
        }
        started = Server(folder / "data", new_ground(folder / "data"), settings, port=server_port)
        with running(started), stripping_proxy(folder, port, server_port):
            found = Below(started, provider, url, *started.key())
            with Client(url, found.access_key, found.secret_key) as client:
                client.workspaces.create("first")
            yield found


@pytest.fixture
def stub(below: Below) -> StubProvider:
    below.provider.reset()
    below.provider.asks = True
    return below.provider


@pytest.fixture
def tab(below: Below, new_tab: Callable[..., Tab]) -> Tab:
    """A tab in which nobody is signed in, on the start of the console."""
    found = new_tab(None, below.url)
    found.expect(401)
    found.page.goto(f"{below.url}/console/")
    found.page.get_by_label("Access key").wait_for()
    return found


def press(tab: Tab) -> None:
    """Sign in at the provider: its button here, and the button of its page."""
    tab.page.get_by_role("link", name="Continue with Newsroom ID").click()
    tab.page.get_by_role("link", name="Sign in as ann").click()


class TestCommands:
    def test_an_sdk_uploads_imports_and_reads(self, below: Below, speech_film: Path) -> None:
        with Client(below.url, below.access_key, below.secret_key) as client:
            client.workspaces.create("by-sdk")
            [project] = client.projects("by-sdk").list()
            assets = client.assets("by-sdk", project.project_id)
            asset = assets.upload(speech_film)
            assets.wait_import(asset.asset_id, timeout=PATIENCE_S, poll=0.1)

            assert [one.asset_id for one in assets.list()] == [asset.asset_id]

    def test_a_command_of_users_reads(self, below: Below) -> None:
        with Client(below.url, below.access_key, below.secret_key) as client:
            client.workspaces.create("by-command")
        keys = {"NCLOUD_ACCESS_KEY": below.access_key, "NCLOUD_SECRET_KEY": below.secret_key}

        shown = operate("workspaces", "list", "--endpoint", below.url, environment=keys)

        assert (shown.returncode, shown.stderr) == (0, "")
        assert "by-command" in shown.stdout


class TestConsole:
    def test_signs_in_uploads_and_plays(self, below: Below, tab: Tab, speech_film: Path) -> None:
        tab.sign_in(below.access_key, below.secret_key)
        with Client(below.url, below.access_key, below.secret_key) as client:
            client.workspaces.create("by-page")
        tab.open("w/by-page/assets")
        tab.drop(speech_film)

        tab.page.get_by_text("Uploaded").wait_for()
        tab.page.get_by_role("dialog").get_by_text("Close").last.click()
        tab.page.get_by_role("option", name="speech.mp4").filter(has_text="Not analysed").dblclick()
        tab.page.wait_for_url(re.compile(re.escape(below.url) + r"/console/w/by-page/assets/\d+"))
        tab.settle()
        tab.page.get_by_role("button", name="Play").first.click()

        tab.until_it_plays(0.1, 11)

    def test_signs_out(self, below: Below, tab: Tab) -> None:
        tab.sign_in(below.access_key, below.secret_key)
        tab.page.get_by_role("button", name="Sign out").click()

        tab.page.get_by_label("Access key").wait_for()
        assert tab.page.get_by_role("link", name="Sign out of").count() == 0
        assert tab.page.context.cookies(below.url) == []


class TestProvider:
    def test_signs_in_and_leads_back_to_the_place(self, below: Below, tab: Tab, stub: StubProvider) -> None:
        with Client(below.url, below.access_key, below.secret_key) as client:
            client.workspaces.create("of-ann")
        tab.page.goto(f"{below.url}/console/w/of-ann/settings?tab=sessions")

        press(tab)

        tab.page.get_by_text("Signed in as ann at Newsroom ID.").wait_for()
        assert tab.page.url == f"{below.url}/console/w/of-ann/settings?tab=sessions"
        assert stub.problems == []
        tab.open("w/of-ann/settings?tab=users")
        tab.page.get_by_role("cell", name=re.compile("u-1$")).wait_for()

    def test_is_asked_to_sign_out_too(self, tab: Tab, stub: StubProvider) -> None:
        press(tab)
        tab.page.get_by_role("button", name="Sign out").click()

        tab.page.get_by_role("link", name="Sign out of Newsroom ID too").click()
        tab.page.get_by_role("link", name="Signed out. Back").click()

        tab.page.get_by_role("link", name="Continue with Newsroom ID").wait_for()
        assert "/logout" in stub.requests

    @pytest.mark.parametrize(
        ("language", "title", "button"),
        [
            ("English", "none of your groups has access here", "Continue with Newsroom ID"),
            ("한국어", "접근할 수 있는 그룹이 없습니다", "Newsroom ID(으)로 계속"),
            ("日本語", "グループに属していません", "Newsroom IDで続ける"),
        ],
    )
    def test_refuses_a_user_without_a_group_in_words(
        self, language: str, title: str, button: str, tab: Tab, stub: StubProvider
    ) -> None:
        stub.user = {**stub.user, "groups": ["canteen"]}
        tab.page.get_by_role("button", name=language).click()
        tab.page.get_by_role("link", name=button).click()
        tab.page.get_by_role("link", name="Sign in as ann").click()

        alert = tab.page.get_by_role("alert")
        alert.get_by_text(title).wait_for()
        assert re.search(r"[0-9a-f]{32}", alert.inner_text())
        assert tab.page.url.endswith(f"{PREFIX}/console/")
        assert tab.violations() == []
        assert tab.wider_than_seen() == []

    def test_is_left_by_its_user(self, tab: Tab, stub: StubProvider) -> None:
        stub.authorization_error = "access_denied"

        press(tab)

        tab.page.get_by_text("The sign-in at Newsroom ID was cancelled.").wait_for()

    def test_says_nothing_that_an_address_makes_up(self, below: Below, tab: Tab) -> None:
        tab.page.goto(f"{below.url}/console/?sign-in-refused=Call+0800&trace=0800")

        text = tab.page.get_by_role("alert").inner_text()

        assert "0800" not in text

    def test_a_session_that_is_over_goes_on_after_a_sign_in_in_another_tab(
        self, below: Below, tab: Tab, stub: StubProvider
    ) -> None:
        del stub
        press(tab)
        with Client(below.url, below.access_key, below.secret_key) as client:
            client.workspaces.create("goes-on")
        tab.open("w/goes-on/search")
        tab.page.get_by_role("searchbox").first.fill("what was typed")
        tab.page.context.clear_cookies()
        tab.page.keyboard.press("Enter")
        tab.page.get_by_role("dialog").wait_for()

        with tab.page.context.expect_page() as opened:
            tab.page.get_by_role("dialog").get_by_role("link", name="Continue with Newsroom ID").click()
        other = opened.value
        other.get_by_role("link", name="Sign in as ann").click()
        other.get_by_role("button", name="Sign out").wait_for()
        other.close()
        tab.page.bring_to_front()
        tab.page.evaluate("window.dispatchEvent(new Event('focus'))")

        tab.page.get_by_role("dialog").wait_for(state="detached")
        assert tab.page.get_by_role("searchbox").first.input_value() == "what was typed"


class TestUsers:
    def test_an_administrator_ends_the_session_of_another(
        self, below: Below, tab: Tab, new_tab: Callable[[StorageState | None, str], Tab], stub: StubProvider
    ) -> None:
        stub.user = {"sub": "u-9", "preferred_username": "vera", "groups": ["readers"]}
        with Client(below.url, below.access_key, below.secret_key) as client:
            client.workspaces.create("ends-others")
        press(tab)
        tab.open("w/ends-others/assets")
        administrator = new_tab(None, below.url)
        administrator.expect(401)
        administrator.page.goto(f"{below.url}/console/")
        administrator.sign_in(below.access_key, below.secret_key)
        administrator.open("w/ends-others/settings?tab=users")
        row = administrator.page.get_by_role("row", name=re.compile("vera"))
        assert administrator.violations() == []

        row.get_by_role("button", name="End").click()
        administrator.page.get_by_role("dialog").get_by_role("button", name="End").click()

        row.wait_for(state="detached")
        tab.page.reload()
        tab.page.get_by_role("link", name="Continue with Newsroom ID").wait_for()

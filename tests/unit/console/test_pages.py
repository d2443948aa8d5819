"""The page of the console for the address and the storage of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.console.pages import console_page
from scenedex.settings import OidcSettings, ServerSettings, Settings, StorageSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("public_url", "path"),
    [
        (None, "/console/"),
        ("https://media.example", "/console/"),
        ("https://media.example/", "/console/"),
        ("https://media.example/video/archive/", "/video/archive/console/"),
        ('https://media.example/a"><script>', "/a&quot;&gt;&lt;script&gt;/console/"),
    ],
)
def test_addresses_begin_at_the_path_of_the_public_address(public_url: str | None, path: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<base href="/console/" /><p><base href="/console/">')
    settings = Settings(server=ServerSettings(public_url=public_url))

    content = console_page(settings, tmp_path).read("index.html")

    assert content == f'<base href="{path}" /><p><base href="/console/">'.encode()


@pytest.mark.parametrize(
    ("storage", "origin"),
    [
        (StorageSettings(), ""),
        (StorageSettings(endpoint="https://s3.example", managed_bucket="managed"), " https://s3.example"),
        (StorageSettings(endpoint="http://s3.example:9000/", managed_bucket="managed"), " http://s3.example:9000"),
        (
            StorageSettings(endpoint="https://s3.example", managed_bucket="managed", path_style=False),
            " https://managed.s3.example",
        ),
    ],
)
def test_the_policy_names_the_server_and_its_storage(storage: StorageSettings, origin: str) -> None:
    policy = console_page(Settings(storage=storage)).policy

    assert policy == (
        f"default-src 'self'; img-src 'self' data: blob:{origin}; media-src 'self' blob:{origin}; "
        f"connect-src 'self'{origin}; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def test_a_file_that_does_not_exist_has_no_content(tmp_path: Path) -> None:
    (tmp_path / "assets.d").mkdir()
    page = console_page(Settings(), tmp_path)

    assert (page.read("index.html"), page.read("assets.d")) == (None, None)


def test_the_page_names_the_provider(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<meta name="scenedex-provider" content="" />')
    oidc = OidcSettings(issuer="https://id.example", client_id="id", groups={"a": "viewer"}, name='News "& <Sport>')
    settings = Settings(server=ServerSettings(public_url="https://media.example"), oidc=oidc)

    content = console_page(settings, tmp_path).read("index.html")

    assert content == b'<meta name="scenedex-provider" content="News &quot;&amp; &lt;Sport&gt;" />'
    assert console_page(Settings(), tmp_path).read("index.html") == b'<meta name="scenedex-provider" content="" />'

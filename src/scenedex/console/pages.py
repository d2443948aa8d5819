"""The built page of the console, for the address of this server."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from scenedex.settings import Settings

STATIC: Final = Path(__file__).parent / "static"
CONSOLE: Final = "/console"
INDEX: Final = "index.html"
_BASE: Final = '<base href="/console/"'
_PROVIDER: Final = '<meta name="scenedex-provider" content=""'


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """The page as this server sends it.

    Attributes:
        folder: built files.
        path: path of the page for clients, with a slash at its end.
        policy: Content-Security-Policy of the page.
        provider: name of the OpenID provider at which users sign in, or an empty text if there is none.
    """

    folder: Path
    path: str
    policy: str
    provider: str = ""

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, or `None` if there is none.

        The page names the provider, and its relative addresses begin at `path`.
        """
        try:
            content = (self.folder / name).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return None
        if name != INDEX:
            return content
        content = content.replace(_BASE.encode(), f'<base href="{escape(self.path)}"'.encode(), 1)
        return content.replace(_PROVIDER.encode(), _PROVIDER.replace('""', f'"{escape(self.provider)}"').encode(), 1)


def console_page(settings: Settings, folder: Path = STATIC) -> ConsolePage:
    """Return the page for the server's address and the object storage of the settings."""
    prefix = urlsplit(settings.server.public_url or "").path.rstrip("/")
    storage = settings.storage
    objects = ""
    if storage.endpoint is not None:
        parts = urlsplit(storage.endpoint)
        host = parts.netloc if storage.path_style else f"{storage.managed_bucket}.{parts.netloc}"
        objects = f" {parts.scheme}://{host}"
    policy = (
        f"default-src 'self'; img-src 'self' data: blob:{objects}; media-src 'self' blob:{objects}; "
        f"connect-src 'self'{objects}; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
    provider = settings.oidc.name if settings.oidc.issuer is not None else ""
    return ConsolePage(folder, f"{prefix}{CONSOLE}/", policy, provider)

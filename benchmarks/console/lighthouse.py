"""Scores of Lighthouse for the console in both themes. Prints a Markdown table.

Run from the root of the repository: ``PYTHONPATH=tests python -m benchmarks.console.lighthouse``. It needs Chromium,
and Node 20 with npx, which downloads Lighthouse.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec
from benchmarks.console.page import chromium, open_tab

from large_archive import Filling, LargeArchive, fill
from newsroom import open_desk
from processes import Server, running
from sizes import Embedded

VERSION = "12.2.3"
ENOUGH = 0.9
CATEGORIES = ("accessibility", "performance")
# Numbers that Chromium gives the themes.
THEMES = {"dark": 0, "light": 1}


class Reference(msgspec.Struct, frozen=True):
    """An audit of a category, and its weight in the score."""

    id: str
    weight: float


class Category(msgspec.Struct, frozen=True, rename="camel"):
    """Score of a category from 0 to 1, and its audits."""

    score: float
    audit_refs: tuple[Reference, ...]


class Audit(msgspec.Struct, frozen=True):
    """Score of an audit from 0 to 1, or `None` if it does not apply."""

    score: float | None


class Report(msgspec.Struct, frozen=True):
    """Report on a page."""

    categories: dict[str, Category]
    audits: dict[str, Audit]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="scenedex-console-") as folder:
        data_dir = Path(folder) / "data"
        with running(Server(data_dir, Embedded(data_dir))) as server, open_desk(server) as desk:
            archive = asyncio.run(fill(data_dir, Filling(desk.workspace, desk.project_id)))
            cookie = signed_in(server)
            print("| screen | theme | accessibility | performance | lost in |\n|---|---|---|---|---|")
            for name, path in screens(archive).items():
                for theme in THEMES:
                    report = audited(f"{server.endpoint}/console/{path}", theme, cookie if path else None)
                    scores = " | ".join(f"{100 * report.categories[one].score:.0f}" for one in CATEGORIES)
                    print(f"| {name} | {theme} | {scores} | {', '.join(lost(report))} |", flush=True)


def screens(archive: LargeArchive) -> dict[str, str]:
    """Paths of the screens. The sign-in has none."""
    place = f"w/{archive.workspace}"
    return {
        "sign-in": "",
        "assets": f"{place}/assets",
        "asset": f"{place}/assets/{archive.film}",
        "search": f"{place}/search?q=harbour",
    }


def signed_in(server: Server) -> str:
    """Return the cookies of a session, as a browser sends them."""
    with chromium() as browser:
        tab = open_tab(browser, server.endpoint)
        tab.open()
        tab.sign_in(*server.key())
        return "; ".join(f"{one.get('name')}={one.get('value')}" for one in tab.page.context.cookies())


def audited(url: str, theme: str, cookie: str | None) -> Report:
    """Return the report on a page."""
    flags = f"--headless=new --no-sandbox --blink-settings=preferredColorScheme={THEMES[theme]}"
    command = ["npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json", "--preset=desktop"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"]
    if cookie is not None:
        command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or shutil.which("google-chrome") or ""}
    ended = subprocess.run(command, check=True, capture_output=True, env=environment)
    return msgspec.json.decode(ended.stdout, type=Report)


def lost(report: Report) -> list[str]:
    """Return the audits that cost points."""
    weighty = {one.id for name in CATEGORIES for one in report.categories[name].audit_refs if one.weight}
    return sorted(name for name in weighty if (score := report.audits[name].score) is not None and score < ENOUGH)


if __name__ == "__main__":
    main()

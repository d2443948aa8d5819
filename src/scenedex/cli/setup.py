"""``scenedex setup``: questions about an archive, and the download of the weights that suit it."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scenedex.cli.answers import NONE, ask, confirm, names_typed
from scenedex.cli.folders import settings_for_weights
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import DataDir
from scenedex.cli.pulling import pull_entries, weight_sources
from scenedex.cli.setup_plan import FOUND, SPOKEN
from scenedex.cli.user.rendering import size_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.cli.setup_plan import Proposal
    from scenedex.engines.catalog import Entry
    from scenedex.settings import Settings

_LANGUAGES: Final = ", ".join(f"{code} ({name})" for code, name in SPOKEN.items())
_OPTIONS: Final = "--spoken NAMES, --found NAMES and --yes"


def setup(
    spoken: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help=f"Languages spoken in the archive, of {_LANGUAGES}, or {NONE}. Separated by commas or spaces.",
            show_default="asked for",
        ),
    ] = None,
    found: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help=f"What else is to be found, of {', '.join(FOUND)}, or {NONE}. Separated by commas or spaces.",
            show_default="asked for",
        ),
    ] = None,
    data_dir: DataDir = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Download without a confirmation.")] = False,
) -> None:
    """Choose and download weights by what is spoken and seen in your archive.

    Shows size, licence and expected speed on this machine before it downloads anything. The exit status is 1
    if something is not available.
    """
    from scenedex.engines.pace import usable_cores
    from scenedex.settings import load_settings

    settings = settings_for_weights(load_settings(data_dir))
    languages = _asked(spoken, "spoken", "Languages that are spoken in your archive", SPOKEN, "en")
    purposes = {name: purpose for name, (_, purpose) in FOUND.items()}
    things = _asked(found, "found", "What else is to be found", purposes, NONE)
    proposals = [one for one in _proposals(settings, languages, things) if not _is_here(one.entry, settings)]
    if not proposals:
        typer.echo("Nothing to download: all of it works with what is here.")
        return
    available = [proposal for proposal in proposals if proposal.is_available]
    failures = [
        f"{proposal.entry.id} ({proposal.purpose}): no source of it answers"
        for proposal in proposals
        if not proposal.is_available
    ]
    if available:
        _show(available, usable_cores())
        _say_not_available(failures)
        total = size_text(sum(proposal.entry.size_bytes for proposal in available))
        if not yes and not confirm(f"Download {total} into {settings.weights_folder}?", _OPTIONS, default=True):
            return
        settings.weights_folder.mkdir(parents=True, exist_ok=True)
        broken = [failure for proposal in available if (failure := _pull(proposal, settings))]
        for failure in broken:
            typer.echo(f"Not downloaded: {failure}", err=True)
        doctor = Invocation.of_process().command("doctor")
        typer.echo(f"Workers use new weights from the next analysis on. To see all engines: {doctor}")
        failures += broken
    else:
        _say_not_available(failures)
    if failures:
        raise typer.Exit(1)


def _asked(given: str | None, option: str, question: str, names: Mapping[str, str], default: str) -> list[str]:
    """Return the names of an option, or those that the user types."""
    if given is None:
        for name, meaning in names.items():
            typer.echo(f"  {name:12} {meaning}")
        chosen = ask(
            f"{question} (separated by commas or spaces, or {NONE})",
            default,
            partial(names_typed, names=names),
            _OPTIONS,
        )
        typer.echo()
        return chosen
    try:
        return names_typed(given, names)
    except typer.BadParameter as error:
        raise typer.BadParameter(error.message, param_hint=f"--{option}") from None


def _proposals(settings: Settings, languages: Sequence[str], things: Sequence[str]) -> list[Proposal]:
    """Return what suits an archive and is here or can be had from here."""
    import httpx2

    from scenedex.cli.setup_plan import propose
    from scenedex.engines.pace import measure_gflops, usable_cores
    from scenedex.engines.registry import EngineRegistry

    with httpx2.Client(follow_redirects=True) as http:
        sources = weight_sources(http, settings.engines.weights_mirror)

        @cache
        def is_available(entry: Entry) -> bool:
            return _is_here(entry, settings) or any(source.is_available(entry) for source in sources)

        return propose(
            EngineRegistry.installed(),
            languages,
            things,
            gflops=measure_gflops(),
            cores=usable_cores(),
            is_available=is_available,
        )


def _say_not_available(failures: Sequence[str]) -> None:
    for failure in failures:
        typer.echo(f"Not available: {failure}", err=True)
    if failures:
        typer.echo("    Check the network and the proxy, or name a mirror: docs/how-to/weights.md", err=True)


def _is_here(entry: Entry, settings: Settings) -> bool:
    from scenedex.engines.catalog import find

    return find(settings.weights_folder, entry) is not None


def _show(proposals: Sequence[Proposal], cores: int) -> None:
    from scenedex.cli.user.rendering import table
    from scenedex.cli.user.screen import output_console

    rows = [
        (
            proposal.entry.id,
            proposal.purpose,
            size_text(proposal.entry.size_bytes),
            proposal.entry.licence,
            "not measured"
            if proposal.seconds_per_minute is None
            else f"about {max(1, round(proposal.seconds_per_minute))} s a minute",
        )
        for proposal in proposals
    ]
    output_console().print(table(("Weights", "For", "Size", "Licence", f"Time on {cores} cores"), rows))


def _pull(proposal: Proposal, settings: Settings) -> str | None:
    """Download weights, or the alternative if they are not available. Return the failure."""
    from scenedex.engines.catalog import WeightsError

    try:
        pull_entries([proposal.entry], settings, typer.echo)
    except WeightsError as error:
        if proposal.alternative is None:
            return f"{proposal.entry.id}: {error}"
        typer.echo(f"    {error}")
        typer.echo(f"    {proposal.alternative.id} serves the same purpose and comes from packages.")
        return _pull(type(proposal)(proposal.alternative, proposal.purpose), settings)
    return None

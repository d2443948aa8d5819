"""``scenedex setup``: questions about an archive, and the download of the weights that suit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import require_weights_folder
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import DataDir
from scenedex.cli.pulling import pull_entries
from scenedex.cli.setup_plan import FOUND, SPOKEN
from scenedex.cli.user.rendering import size_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.cli.setup_plan import Proposal
    from scenedex.settings import Settings

_NONE = "none"


def setup(
    spoken: Annotated[
        str | None,
        typer.Option(
            metavar="CODES",
            help=f"Languages spoken in the archive, of {', '.join(SPOKEN)}, or {_NONE}.",
            show_default="asked for",
        ),
    ] = None,
    found: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help=f"What else is to be found, of {', '.join(FOUND)}, or {_NONE}.",
            show_default="asked for",
        ),
    ] = None,
    data_dir: DataDir = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Download without a confirmation.")] = False,
) -> None:
    """Choose and download weights by what is spoken and seen in your archive.

    Shows size, licence and expected speed on this machine before it downloads anything.
    """
    from scenedex.cli.setup_plan import propose
    from scenedex.engines.pace import measure_gflops, usable_cores
    from scenedex.engines.registry import EngineRegistry
    from scenedex.settings import load_settings

    settings = load_settings(data_dir)
    require_weights_folder(settings)
    languages = _asked(spoken, "spoken", "Languages that are spoken in your archive", SPOKEN, "en")
    things = _asked(
        found, "found", "What else is to be found", {name: purpose for name, (_, purpose) in FOUND.items()}, _NONE
    )
    cores = usable_cores()
    proposals = propose(EngineRegistry.installed(), languages, things, gflops=measure_gflops(), cores=cores)
    missing = [proposal for proposal in proposals if not _is_here(proposal, settings)]
    if not missing:
        typer.echo("Nothing to download: all of it works with what is here.")
        return
    _show(missing, cores)
    total = size_text(sum(proposal.entry.size_bytes for proposal in missing))
    if not yes and not typer.confirm(f"Download {total} into {settings.weights_folder}?", default=True):
        return
    settings.weights_folder.mkdir(parents=True, exist_ok=True)
    failures = [failure for proposal in missing if (failure := _pull(proposal, settings))]
    for failure in failures:
        typer.echo(f"Not downloaded: {failure}", err=True)
    doctor = Invocation.of_process().command("doctor")
    typer.echo(f"Workers use new weights from the next analysis on. To see all engines: {doctor}")
    if failures:
        raise typer.Exit(1)


def _asked(given: str | None, option: str, question: str, names: Mapping[str, str], default: str) -> list[str]:
    """Return the names of an option, or those that the user types."""
    if given is None:
        for name, meaning in names.items():
            typer.echo(f"  {name:12} {meaning}")
        given = str(typer.prompt(f"{question} (separated by commas, or {_NONE})", default=default))
        typer.echo()
    chosen = [name.strip().casefold() for name in given.split(",") if name.strip()]
    if unknown := [name for name in chosen if name not in {*names, _NONE}]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(names)}, {_NONE}", param_hint=f"--{option}")
    return [name for name in names if name in chosen]


def _is_here(proposal: Proposal, settings: Settings) -> bool:
    from scenedex.engines.catalog import find

    return find(settings.weights_folder, proposal.entry) is not None


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

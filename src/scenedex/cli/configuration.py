"""``scenedex config``: the settings in force."""

from __future__ import annotations

import json
from typing import cast

import typer

from scenedex.cli.options import AsJson, DataDir, settings_with_engines


def config(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Print the settings in force, without secrets."""
    settings = settings_with_engines(data_dir)
    values: dict[str, object] = json.loads(settings.model_dump_json())
    if as_json:
        typer.echo(json.dumps(values, indent=2))
        return
    for name, value in values.items():
        if isinstance(value, dict):
            typer.echo(f"\n[{name}]")
            for option, setting in cast("dict[str, object]", value).items():
                typer.echo(f"{option} = {_toml(setting)}")
        else:
            typer.echo(f"{name} = {_toml(value)}")


def _toml(value: object) -> str:
    return '""  # not set' if value is None else json.dumps(value, ensure_ascii=False)

from __future__ import annotations

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from scenedex.cli.user.default_command import DefaultCommandGroup


class _Asking(DefaultCommandGroup):
    default_command = "find"


def find(words: list[str], *, low: Annotated[bool, typer.Option("--low")] = False) -> None:
    typer.echo(f"find {words} {low}")


def rebuild() -> None:
    typer.echo("rebuild")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ship"], "find ['ship'] False"),
        (["ship", "rebuild"], "find ['ship', 'rebuild'] False"),
        (["--low", "ship"], "find ['ship'] True"),
        (["rebuild ship"], "find ['rebuild ship'] False"),
        (["find", "rebuild"], "find ['rebuild'] False"),
        (["--", "rebuild"], "find ['rebuild'] False"),
        (["rebuild"], "rebuild"),
    ],
    ids=repr,
)
def test_the_default_command_takes_what_is_no_name_of_a_command(words: list[str], said: str) -> None:
    group, app = typer.Typer(cls=_Asking), typer.Typer()
    group.command()(find)
    group.command()(rebuild)
    app.add_typer(group, name="search")

    assert CliRunner().invoke(app, ["search", *words]).stdout == f"{said}\n"

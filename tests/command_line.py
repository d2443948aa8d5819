"""Commands of users, run in process over a transport."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import typer
from typer.testing import CliRunner

from scenedex.cli.user import apps

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2


@dataclass(frozen=True, slots=True)
class Ended:
    """Result of a command."""

    status: int
    out: str
    err: str

    def lines(self) -> list[Any]:
        """The JSON lines of a command that succeeded."""
        assert self.status == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]

    def rows(self) -> list[list[str]]:
        """The cells of the tables of a command that succeeded, without the heads."""
        assert self.status == 0, self.err
        return table_rows(self.out)

    def error(self, status: int) -> str:
        """The only line of a command that failed."""
        assert (self.status, self.out) == (status, ""), self.err
        assert self.err.count("\n") == 1
        return self.err


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The commands of a user in an environment, with a transport in place of the network."""

    transport: httpx2.BaseTransport
    environment: Mapping[str, str]

    def __call__(self, *words: str, typed: str = "") -> Ended:
        # The group alone: to build the whole tree takes longer than most commands.
        app = typer.Typer()
        app.add_typer(dict(apps)[words[0]], name=words[0])
        ended = CliRunner().invoke(app, words, input=typed, env=self.environment, obj=self.transport)
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    def within(self, **environment: str) -> CommandLine:
        """The same commands with other variables."""
        return replace(self, environment={**self.environment, **environment})


def table_rows(printed: str) -> list[list[str]]:
    """The cells of printed tables, without the heads."""
    lines = printed.splitlines()
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]

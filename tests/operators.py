"""Commands of operators, run in the process of the test: to start a process takes longer than the command."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

import structlog
from typer.main import get_command
from typer.testing import CliRunner

from scenedex.cli import app
from scenedex.cli.failures import operator_failures
from scenedex.cli.logs import keep_logs_off_output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WIDE = {"COLUMNS": "500"}


@dataclass(frozen=True, slots=True)
class Ended:
    """Result of a command, with the names of a finished process."""

    returncode: int
    stdout: str
    stderr: str


class _Command(Protocol):
    def main(self, args: list[str], prog_name: str) -> object: ...


@cache
def _scenedex() -> _Command:
    return get_command(app)


def operate(*words: str, data_dir: Path | None = None, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a command, on a data folder or the default one, with these variables beside those of the test."""
    status: object = 0
    # The variable, since hints repeat an option only if it is one of the process.
    folder = {} if data_dir is None else {"SCENEDEX_DATA_DIR": str(data_dir)}
    variables = {**_WIDE, **folder, **(environment or {})}
    with CliRunner().isolation(env=variables) as (out, err, _):
        logging = structlog.get_config()
        keep_logs_off_output()
        try:
            with operator_failures():
                _scenedex().main([*words], "scenedex")
        except SystemExit as end:
            status = end.code or 0
        finally:
            structlog.configure(**logging)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        return Ended(status if isinstance(status, int) else 1, out.getvalue().decode(), err.getvalue().decode())

"""The command ``scenedex``: commands for operators, and for users of any such service.

The topmost layer. Each command imports its dependencies when it runs, so that help and small commands start quickly.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from scenedex import __version__
from scenedex.cli import (
    buckets,
    configuration,
    console,
    demo,
    doctor,
    jobs,
    keys,
    processes,
    reconcile,
    reindex,
    setup,
    weights,
)
from scenedex.cli.failures import operator_failures
from scenedex.cli.logs import keep_logs_off_output
from scenedex.cli.user import apps, search

# Imported modules make many objects and no garbage. With Python's default, collections take a sixth of a start.
_OBJECTS_BEFORE_COLLECTION = 50_000

app = typer.Typer(
    name="scenedex",
    help="Scenedex, an open, self-hosted media intelligence server: it finds out what is in your videos and images.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  # Typer passes the option's value
    if wanted:
        typer.echo(f"scenedex {__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the command itself."""
    del version


app.command()(processes.serve)
app.command()(processes.worker)
app.command()(setup.setup)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(reconcile.reconcile)
app.command()(configuration.config)
app.add_typer(keys.app, name="keys")
app.add_typer(console.app, name="console")
app.add_typer(buckets.app, name="buckets")
app.add_typer(jobs.app, name="jobs")
app.add_typer(weights.app, name="weights")
search.app.command("reindex")(reindex.reindex)
for name, user_app in apps:
    app.add_typer(user_app, name=name)


def main() -> None:
    """Run the command that the arguments name."""
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
    keep_logs_off_output()
    try:
        with operator_failures():
            app()
    finally:
        # The process ends, so the interpreter need not look for garbage among all its objects.
        gc.freeze()
    sys.exit(0)


__all__ = ["app", "main"]

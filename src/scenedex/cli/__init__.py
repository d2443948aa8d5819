"""The command ``scenedex``: what operators run, and what users of any such service run.

The topmost layer. Each command imports what it needs when it runs, so that help and small commands start at once.
"""

from __future__ import annotations

import sys

import typer

from scenedex.cli import configuration, demo, doctor, keys, serving
from scenedex.cli.failures import operator_failures
from scenedex.cli.user import apps

app = typer.Typer(
    name="scenedex",
    help="Scenedex, an open, self-hosted media intelligence server: it finds out what is in your videos and images.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serving.serve)
app.command()(serving.worker)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(configuration.config)
app.add_typer(keys.app, name="keys")
for name, user_app in apps:
    app.add_typer(user_app, name=name)


def main() -> None:
    """Run the command that the arguments name."""
    with operator_failures():
        app()
    sys.exit(0)


__all__ = ["app", "main"]

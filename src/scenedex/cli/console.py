"""``scenedex console``: links that sign in to the page of the server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import existing_settings
from scenedex.cli.greeting import address_of
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import DataDir, operator

if TYPE_CHECKING:
    from scenedex.db.database import Database

app = typer.Typer(help="The console, the page of the server: links that sign in.", no_args_is_help=True)


@app.callback()
def console() -> None:
    """Sign in to the console."""


@app.command()
def link(
    port: Annotated[
        int | None,
        typer.Option(
            help="Port of the server, if `serve` was given one.", show_default="server.port", min=1, max=65535
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Print a link that signs you in once, within ten minutes, in a browser on the server's own machine.

    The session has the rights of your oldest manager key without limits. If you have none, the link creates one.
    """
    from scenedex.wiring import open_platform

    settings = existing_settings(data_dir)
    if settings.server.public_url:
        page = f"{settings.server.public_url.rstrip('/')}/console/"
        create = Invocation.of_process(settings.data_dir).command("keys create")
        typer.echo(f"The server has a public address. Sign in at {page} with an access key: {create}", err=True)
        raise typer.Exit(1)

    async def made() -> str:
        async with open_platform(settings) as platform:
            return await sign_in_address(platform.database, address_of(settings, port or settings.server.port))

    typer.echo(asyncio.run(made()))
    typer.echo("It signs you in once, within ten minutes, in a browser on this machine.", err=True)


async def sign_in_address(database: Database, url: str) -> str:
    """Return the address of the console at a server's address, with a token that signs the operator in once."""
    from scenedex.auth.sign_in_links import create_link

    async with database.transaction() as tx:
        return f"{url}/console/#sign-in={await create_link(tx, operator())}"

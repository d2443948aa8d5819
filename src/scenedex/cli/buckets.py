"""``scenedex buckets``: buckets that workspaces may import from. It works while the server runs."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import existing_settings
from scenedex.cli.options import AsJson, DataDir, operator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path
    from typing import TypeVar

    from scenedex.db.database import Transaction
    from scenedex.wiring import Platform
    from scenedex.workspaces.records import BucketGrant

    T = TypeVar("T")

app = typer.Typer(help="Buckets that the imports of a workspace may read: grant, revoke, list.", no_args_is_help=True)

Bucket = Annotated[str, typer.Argument(help="Name of the bucket.", show_default=False)]
Prefix = Annotated[
    str,
    typer.Option(
        help="Start of the keys, compared character by character: clips/ covers clips/a.mp4, clips also clips2/a.mp4.",
        show_default="all keys",
    ),
]
Workspace = Annotated[str, typer.Option("--workspace", "-w", help="Name of the workspace.", show_default=False)]


@app.command()
def grant(bucket: Bucket, workspace: Workspace, prefix: Prefix = "", data_dir: DataDir = None) -> None:
    """Let the imports of a workspace read a bucket, or the objects in it whose keys start with a prefix."""
    from scenedex.workspaces.grants import grant_bucket

    _check(bucket, prefix)

    async def granted(platform: Platform, tx: Transaction) -> tuple[bool, str | None]:
        if await platform.sources.is_managed(bucket):
            reason = f'"{bucket}" is the bucket of the managed storage, which no workspace may read'
            raise typer.BadParameter(reason, param_hint="BUCKET")
        is_new = await grant_bucket(tx, workspace, bucket, prefix, operator=operator())
        return is_new, await _doubt(platform, bucket)

    is_new, doubt = _with_workspace(data_dir, workspace, granted)
    what = _described(bucket, prefix)
    typer.echo(f"Workspace {workspace} {'may import' if is_new else 'may already import'} {what}.", err=True)
    if doubt:
        typer.echo(f"Warning: {doubt}", err=True)


@app.command()
def revoke(bucket: Bucket, workspace: Workspace, prefix: Prefix = "", data_dir: DataDir = None) -> None:
    """Withdraw a grant, also that of the bucket named when the workspace was created. Imported assets stay."""
    from scenedex.workspaces.grants import bucket_grants, revoke_bucket

    _check(bucket, prefix)

    async def revoked(_platform: Platform, tx: Transaction) -> tuple[bool, Sequence[BucketGrant]]:
        was_granted = await revoke_bucket(tx, workspace, bucket, prefix, operator=operator())
        return was_granted, [one for one in await bucket_grants(tx, workspace) if one.bucket_name == bucket]

    was_granted, left = _with_workspace(data_dir, workspace, revoked)
    remaining = f"It may still import {', '.join(_described(one.bucket_name, one.prefix) for one in left)}."
    if was_granted:
        typer.echo(f"Workspace {workspace} may no longer import {_described(bucket, prefix)}.", err=True)
        if left:
            typer.echo(remaining, err=True)
        return
    said = f"Workspace {workspace} has no grant of {_described(bucket, prefix)}."
    typer.echo(f"scenedex: {said} {remaining}" if left else f"scenedex: {said}", err=True)
    raise typer.Exit(1)


@app.command("list")
def list_grants(
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", help="Only grants of this workspace.", show_default="all")
    ] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the buckets that the imports of each workspace may read."""
    from scenedex.workspaces.grants import bucket_grants

    async def found(platform: Platform, tx: Transaction) -> tuple[Sequence[BucketGrant], bool]:
        return await bucket_grants(tx, workspace), platform.settings.storage.open_buckets

    grants, is_open = _with_workspace(data_dir, workspace, found)
    if as_json:
        shown = [
            {
                "workspaceName": one.workspace_name,
                "bucketName": one.bucket_name,
                "prefix": one.prefix,
                "isOwnBucket": one.is_own,
                "user": one.user_name,
                "createdTime": one.created_time.isoformat(),
            }
            for one in grants
        ]
        typer.echo(json.dumps(shown))
        return
    _print(grants, is_open=is_open)


def _print(grants: Sequence[BucketGrant], *, is_open: bool) -> None:
    from scenedex.cli.user.rendering import table
    from scenedex.cli.user.screen import output_console

    rows = [
        (
            one.workspace_name,
            one.bucket_name,
            f"{one.prefix}…" if one.prefix else "all",
            one.user_name,
            f"{one.created_time:%Y-%m-%d %H:%M}",
            "bucket of the workspace" if one.is_own else "grant",
        )
        for one in grants
    ]
    names = ("Workspace", "Bucket", "Keys", "By", "Granted", "As")
    output_console().print(table(names, rows) if rows else "No workspace has a bucket.")
    if is_open:
        typer.echo("Access keys without limits import from every bucket (storage.open_buckets).", err=True)


def _check(bucket: str, prefix: str) -> None:
    """Refuse a bucket or prefix that no object can have."""
    from scenedex.storage.names import MAX_KEY_BYTES, has_dot_segment, is_bucket_name

    if not is_bucket_name(bucket):
        raise typer.BadParameter(f'"{bucket}" is no well-formed bucket name', param_hint="BUCKET")
    if "\0" in prefix or len(prefix.encode(errors="surrogateescape")) > MAX_KEY_BYTES:
        raise typer.BadParameter("must be at most 1024 bytes without NUL", param_hint="--prefix")
    if has_dot_segment(prefix):
        raise typer.BadParameter(
            f"\"{prefix}\" has a '.' or '..' between its slashes, which no imported key has", param_hint="--prefix"
        )


async def _doubt(platform: Platform, bucket: str) -> str | None:
    """Return why a granted bucket may be misspelt, or `None` if it exists."""
    from scenedex.storage.errors import StorageError

    try:
        exists = await platform.sources.exists(bucket)
    except StorageError as error:
        return f'bucket "{bucket}" could not be checked: {error}'
    return None if exists else f'there is no bucket "{bucket}" yet.'


def _described(bucket: str, prefix: str) -> str:
    return f'objects "{prefix}…" of bucket {bucket}' if prefix else f"bucket {bucket}"


def _with_workspace(
    data_dir: Path | None, workspace: str | None, use: Callable[[Platform, Transaction], Awaitable[T]]
) -> T:
    """Open the platform and do something about a workspace in one transaction."""
    from scenedex.wiring import open_platform
    from scenedex.workspaces.similar_names import absence_of

    async def work() -> T:
        async with open_platform(existing_settings(data_dir)) as platform, platform.database.transaction() as tx:
            if workspace is not None and (absence := await absence_of(tx, workspace)) is not None:
                raise typer.BadParameter(absence, param_hint="--workspace")
            return await use(platform, tx)

    return asyncio.run(work())

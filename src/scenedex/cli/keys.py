"""``scenedex keys``: access keys. It works while the server runs."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.auth.keys import Role
from scenedex.cli.folders import existing_settings
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import AsJson, DataDir, operator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path
    from typing import TypeVar

    from scenedex.auth.keys import AccessKeys, NewAccessKey
    from scenedex.db.database import Transaction

    T = TypeVar("T")

app = typer.Typer(help="Access keys: create, list, revoke.", no_args_is_help=True)


@app.command()
def create(
    user: Annotated[str, typer.Option(help="Name of the user, as it appears in answers.")],
    role: Annotated[Role, typer.Option(help="manager: everything, viewer: read and search.")],
    workspace: Annotated[
        list[str] | None, typer.Option(help="Limit the key to this workspace. May be repeated.", show_default="all")
    ] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Create an access key. Its secret is shown only once. A key of an absent workspace can create that workspace."""
    from scenedex.audit.events import KEY_CREATED
    from scenedex.audit.records import AuditEntry
    from scenedex.audit.service import record
    from scenedex.wire.errors import InvalidRequest
    from scenedex.wire.parsing import check_name, check_workspace_name
    from scenedex.workspaces.similar_names import absence_of

    limited = tuple(workspace or ())
    try:
        check_name("--user", user, max_length=100)
        for name in limited:
            check_workspace_name("--workspace", name)
    except InvalidRequest as error:
        problem = error.details[0]
        raise typer.BadParameter(problem.reason, param_hint=problem.field) from error

    async def created(keys: AccessKeys, tx: Transaction) -> tuple[NewAccessKey, list[str]]:
        key = await keys.create(tx, user, role, limited)
        await record(tx, AuditEntry(KEY_CREATED, operator()), created=key.access_key)
        return key, [absence for name in limited if (absence := await absence_of(tx, name)) is not None]

    key, absences = _with_keys(data_dir, created)
    for absence in absences:
        typer.echo(f"Warning: {absence} The key will see a workspace that gets this name.", err=True)
    if as_json:
        shown = {"accessKey": key.access_key, "secretKey": key.secret_key, "user": user, "role": role.value}
        typer.echo(json.dumps(shown))
        return
    typer.echo(f"export NCLOUD_ACCESS_KEY={key.access_key}")
    typer.echo(f"export NCLOUD_SECRET_KEY={key.secret_key}")
    typer.echo("The secret key is shown only this once. Paste both lines into your shell.", err=True)
    next_step = _next_step(role, limited, has_absent=bool(absences))
    typer.echo(f"Next: {Invocation.of_process().command(next_step)}", err=True)


def _next_step(role: Role, workspaces: Sequence[str], *, has_absent: bool) -> str:
    """Return a command that a new key may run."""
    if role is Role.MANAGER and not workspaces:
        return "workspaces create NAME"
    if role is Role.MANAGER and has_absent and len(workspaces) == 1:
        return f"workspaces create {workspaces[0]}"
    return "workspaces list"


@app.command("list")
def list_keys(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """List access keys, without their secrets."""
    found = _with_keys(data_dir, lambda keys, tx: keys.all(tx))
    if as_json:
        shown = [
            {
                "accessKey": key.access_key,
                "user": key.user_name,
                "role": key.role.value,
                "workspaces": key.workspaces,
                "createdTime": key.created_time.isoformat(),
                "revokedTime": key.revoked_time and key.revoked_time.isoformat(),
            }
            for key in found
        ]
        typer.echo(json.dumps(shown))
        return
    from scenedex.cli.user.rendering import table
    from scenedex.cli.user.screen import output_console

    rows = [
        (
            key.access_key,
            key.user_name,
            key.role.value,
            "all" if key.workspaces is None else ", ".join(key.workspaces),
            f"{key.created_time:%Y-%m-%d %H:%M}",
            "in force" if key.revoked_time is None else f"revoked {key.revoked_time:%Y-%m-%d %H:%M}",
        )
        for key in found
    ]
    names = ("Access key", "User", "Role", "Workspaces", "Created", "State")
    output_console().print(table(names, rows) if rows else "There are none.")


@app.command()
def revoke(
    access_key: Annotated[str, typer.Argument(help="The access key to revoke.")], data_dir: DataDir = None
) -> None:
    """Revoke an access key immediately."""
    from scenedex.audit.events import KEY_REVOKED
    from scenedex.audit.records import AuditEntry
    from scenedex.audit.service import record

    async def revoked(keys: AccessKeys, tx: Transaction) -> None:
        await keys.revoke(tx, access_key)
        await record(tx, AuditEntry(KEY_REVOKED, operator(), resource=f"access-keys/{access_key}"))

    _with_keys(data_dir, revoked)
    typer.echo(f"{access_key} is revoked.", err=True)


def _with_keys(data_dir: Path | None, use: Callable[[AccessKeys, Transaction], Awaitable[T]]) -> T:
    """Open the platform and use the access keys in one transaction."""
    from scenedex.auth.keys import AccessKeys
    from scenedex.wiring import open_platform

    async def work() -> T:
        async with open_platform(existing_settings(data_dir)) as platform, platform.database.transaction() as tx:
            return await use(AccessKeys(platform.database, platform.box), tx)

    return asyncio.run(work())

"""``scenedex watches``."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer
from rich.table import Table

from scenedex.cli.user.arrival_options import Analyse, Exclude, Include, Language, Persons, arrival_options
from scenedex.cli.user.rendering import facts, table
from scenedex.cli.user.session import ProjectSession, project_command, sub_app
from scenedex.client import Watch
from scenedex.client.watches import Watches

app = sub_app("Watches: prefixes of buckets whose new, changed and removed objects are imported or deleted.")

WatchId = Annotated[int, typer.Argument(metavar="WATCH", help="Id of the watch.", show_default=False)]


@project_command(app, "add")
def add(  # noqa: PLR0913  # every option of a watch
    session: ProjectSession,
    bucket: Annotated[str, typer.Argument(help="Bucket of the objects.", show_default=False)],
    prefix: Annotated[str, typer.Argument(help="Start of the keys. All by default.", show_default=False)] = "",
    *,
    every: Annotated[int, typer.Option(help="Time from one look to the next in seconds.", metavar="S")] = 60,
    settle: Annotated[
        int | None,
        typer.Option(help="Time in seconds for which an object must stay the same.", metavar="S", show_default=False),
    ] = None,
    removed: Annotated[
        Literal["keep", "delete"], typer.Option(help="What happens to the asset of a removed object.")
    ] = "keep",
    flat: Annotated[bool, typer.Option("--flat", help="Leave out objects of further folders.")] = False,
    include: Include = None,
    exclude: Exclude = None,
    analyse: Analyse = False,
    persons: Persons = 0,
    language: Language = None,
) -> None:
    """Watch a prefix. Prints the secret URL for events of the storage, once."""
    made = _watches(session).create(
        bucket,
        prefix,
        recursive=not flat,
        include=include or (),
        exclude=exclude or (),
        every_seconds=every,
        settle_seconds=settle,
        on_removed=removed,
        analysis=arrival_options(analyse=analyse, persons=persons, language=language),
    )
    session.screen.one(made, _facts)


@project_command(app, "list")
def list_watches(session: ProjectSession) -> None:
    """List the watches of a project with their states."""
    session.screen.many(_watches(session).list(), _table)


@project_command(app, "show")
def show(session: ProjectSession, watch_id: WatchId) -> None:
    """Show a watch with its last look, its next one and its last error."""
    session.screen.one(_watches(session).get(watch_id), _facts)


@project_command(app, "pause")
def pause(session: ProjectSession, watch_id: WatchId) -> None:
    """Look at nothing for now. Events are stored until the watch is resumed."""
    session.screen.one(_watches(session).pause(watch_id), _facts)


@project_command(app, "resume")
def resume(session: ProjectSession, watch_id: WatchId) -> None:
    """Look at once, and go on."""
    session.screen.one(_watches(session).resume(watch_id), _facts)


@project_command(app, "token")
def token(session: ProjectSession, watch_id: WatchId) -> None:
    """Replace the secret URL for events, and print the other one."""
    session.screen.one(_watches(session).renew_token(watch_id), _facts)


@project_command(app, "delete")
def delete(session: ProjectSession, watch_id: WatchId) -> None:
    """Delete a watch. Its assets stay."""
    _watches(session).delete(watch_id)
    session.screen.note(f"Watch {watch_id} is deleted. Its assets stay.")


def _watches(session: ProjectSession) -> Watches:
    return session.client.watches(session.workspace, session.project_id)


def _facts(one: Watch) -> Table:
    counts = one.counts
    return facts(
        ("Watch", one.watch_id),
        ("Status", f"{one.status}, looking" if one.looking else one.status),
        ("Last error", one.last_error),
        ("Bucket", one.bucket_name),
        ("Prefix", one.prefix or "(all)"),
        ("Include", ", ".join(one.include)),
        ("Exclude", ", ".join(one.exclude)),
        ("Every", f"{one.every_seconds} s"),
        ("Removed objects", f"{one.on_removed} the asset"),
        ("Last look", one.last_look_time),
        ("Next look", one.next_look_time),
        ("Objects", counts.objects or None),
        ("Skipped", counts.skipped.total or None),
        ("Registered", counts.registered or None),
        ("Changed", counts.changed or None),
        ("Removed", counts.removed or None),
        ("Events", counts.events or None),
        ("Events elsewhere", counts.ignored_events or None),
        ("Waiting", counts.waiting or None),
        ("URL for events", one.event_url),
    )


def _table(found: Sequence[Watch]) -> Table:
    rows = [
        (
            one.watch_id,
            one.status,
            f"{one.bucket_name}/{one.prefix}",
            one.counts.registered,
            one.last_look_time,
            one.last_error,
        )
        for one in found
    ]
    return table(("Watch", "Status", "Prefix", "Registered", "Last look", "Last error"), rows)

"""``scenedex persons suggestions``."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.person_identity import merge_facts, rejection_facts
from scenedex.cli.user.rendering import ANONYMOUS, table
from scenedex.cli.user.session import WorkspaceSession, Yes, sub_app, workspace_command
from scenedex.client import PersonSuggestion
from scenedex.client.person_suggestions import PersonSuggestions

app = sub_app("Suggestions: persons that may be the same.")

SuggestionId = Annotated[int, typer.Argument(metavar="SUGGESTION", help="Id of the suggestion.", show_default=False)]


@workspace_command(app, "list")
def list_suggestions(
    session: WorkspaceSession,
    *,
    person: Annotated[int | None, typer.Option(help="Only suggestions about this person.", metavar="ID")] = None,
) -> None:
    """List pairs of persons that may be the same, most similar first."""
    session.screen.many(_suggestions(session).list(person_id=person), _table)


@workspace_command(app, "accept")
def accept(session: WorkspaceSession, suggestion_id: SuggestionId, *, yes: Yes = False) -> None:
    """Merge both persons. The one with a name, or else the older one, is kept. `persons split` undoes it."""
    question = f"Merge the persons of suggestion {suggestion_id}? It can be undone with persons split."
    session.confirm(question, is_sure=yes)
    session.screen.one(_suggestions(session).accept(suggestion_id), merge_facts)


@workspace_command(app, "reject")
def reject(session: WorkspaceSession, suggestion_id: SuggestionId) -> None:
    """Keep both persons apart. They are never suggested or matched again."""
    session.screen.one(_suggestions(session).reject(suggestion_id), rejection_facts)


def _suggestions(session: WorkspaceSession) -> PersonSuggestions:
    return session.client.persons(session.workspace).suggestions


def _table(suggestions: Sequence[PersonSuggestion]) -> Table:
    return table(
        ("Suggestion", "Person", "Name", "May be", "Name", "Score", "Asset"),
        [
            (
                one.suggestion_id,
                one.person.person_id,
                one.person.name or ANONYMOUS,
                one.similar_person.person_id,
                one.similar_person.name or ANONYMOUS,
                None if one.score is None else f"{one.score:g}",
                one.asset_id,
            )
            for one in suggestions
        ],
    )

"""The commands for users of a service: workspaces, projects, assets, index, persons, search, audit.

Mounted by the command line from ``apps``. Thin: options in, one call of the client, a table or JSON out.
Knows the client and nothing of the server, so every command works against any host that speaks the contract.
"""

import typer

from scenedex.cli.user import assets, audit, index, persons, projects, search, workspaces

apps: tuple[tuple[str, typer.Typer], ...] = (
    ("workspaces", workspaces.app),
    ("projects", projects.app),
    ("assets", assets.app),
    ("index", index.app),
    ("persons", persons.app),
    ("search", search.app),
    ("audit", audit.app),
)

__all__ = ["apps", "search"]

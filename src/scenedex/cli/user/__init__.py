"""Commands for users of a service: one module for each group, from workspaces to audit.

The command line mounts ``apps``. A command reads options, calls the client and prints a table or JSON. The commands
know the client and nothing of the server, so they work with every host that implements the API.
"""

import typer

from scenedex.cli.user import (
    ask,
    assets,
    audit,
    imports,
    index,
    persons,
    projects,
    search,
    statistics,
    summaries,
    watches,
    webhooks,
    workspaces,
)

apps: tuple[tuple[str, typer.Typer], ...] = (
    ("workspaces", workspaces.app),
    ("projects", projects.app),
    ("assets", assets.app),
    ("imports", imports.app),
    ("watches", watches.app),
    ("index", index.app),
    ("summaries", summaries.app),
    ("persons", persons.app),
    ("search", search.app),
    ("ask", ask.app),
    ("statistics", statistics.app),
    ("webhooks", webhooks.app),
    ("audit", audit.app),
)

__all__ = ["apps", "search"]

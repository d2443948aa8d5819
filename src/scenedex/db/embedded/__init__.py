"""The embedded PostgreSQL of a data folder: started by its first user, shared, stopped after its last.

Called by processes that need a database and have no URL. A user is a process with a shared lock. A small supervisor
process owns the server and stops it after the last lock. Knows nothing of the data.
Its modules also raise `OSError` for failed file operations, which `usage` and `supervisor` translate.
"""

from scenedex.db.embedded.errors import EmbeddedPostgresError
from scenedex.db.embedded.usage import EmbeddedPostgres, open_embedded

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "open_embedded"]

"""The embedded PostgreSQL of a data folder: started by its first user, shared by all, stopped after its last.

Called by whoever needs a database and was given no URL. A user is a process that holds a shared lock; a small
supervisor process owns the server and stops it when no such lock is left. Knows nothing of what is stored.
"""

from scenedex.db.embedded.errors import (
    AccountUnnamed,
    ClusterDamaged,
    ClusterLost,
    ClusterNotMade,
    DiskFull,
    EmbeddedPostgresError,
    FolderIsFile,
    FolderOfAnotherUser,
    FolderOutOfReach,
    FolderReadOnly,
    MajorVersionWrong,
    MemoryShort,
    NamespaceForbidden,
    PostgresDidNotStart,
    PostgresMissing,
    PostgresStillRunning,
    RootRefused,
    StartTimedOut,
)
from scenedex.db.embedded.opening import EmbeddedPostgres, open_embedded

__all__ = [
    "AccountUnnamed",
    "ClusterDamaged",
    "ClusterLost",
    "ClusterNotMade",
    "DiskFull",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "FolderIsFile",
    "FolderOfAnotherUser",
    "FolderOutOfReach",
    "FolderReadOnly",
    "MajorVersionWrong",
    "MemoryShort",
    "NamespaceForbidden",
    "PostgresDidNotStart",
    "PostgresMissing",
    "PostgresStillRunning",
    "RootRefused",
    "StartTimedOut",
    "open_embedded",
]

"""File names of an embedded PostgreSQL.

The control folder inside the data folder holds files for the users: locks, password, log. The server folder holds
PostgreSQL's files and belongs to the account that it runs as.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from scenedex.db.embedded.locks import give_to_owner_of_folder


@dataclass
class ControlFolder:
    """Folder shared by all users of one cluster.

    Attributes:
        start_lock: held exclusively while starting the server.
        users_lock: shared by all users, and held exclusively by the supervisor while it stops the server.
        supervisor_lock: held exclusively by the supervisor during its life.
        password_file: password of the role of the users.
        log: log of PostgreSQL and its supervisor.
        location_file: path of the server folder if it is outside this folder.
    """

    path: Path

    def __post_init__(self) -> None:
        self.start_lock = self.path / "start.lock"
        self.users_lock = self.path / "users.lock"
        self.supervisor_lock = self.path / "supervisor.lock"
        self.password_file = self.path / "password"
        self.log = self.path / "postgres.log"
        self.location_file = self.path / "location"

    def server(self) -> ServerFolder:
        """Return the server folder, which may not exist."""
        try:
            return ServerFolder(Path(self.location_file.read_text(encoding="utf-8").strip()))
        except FileNotFoundError:
            return ServerFolder(self.path / "server")


@dataclass
class ServerFolder:
    """Folder of the account that PostgreSQL runs as.

    Attributes:
        cluster: PostgreSQL's data directory.
        postmaster_file: status file of the server, which remains if it is killed.
        unfinished_cluster: a cluster being created, worthless after its creator has ended.
        socket: folder of the socket, if its path is short enough.
        lock: held by every process of the server, including the last.
        vector_version_file: version of the extension's SQL objects in the cluster.
    """

    path: Path

    def __post_init__(self) -> None:
        self.cluster = self.path / "cluster"
        self.postmaster_file = self.cluster / "postmaster.pid"
        self.unfinished_cluster = self.path / "cluster.unfinished"
        self.socket = self.path / "socket"
        self.lock = self.path / "server.lock"
        self.vector_version_file = self.path / "vector-version"

    @property
    def cluster_name(self) -> str:
        """Name of the cluster's processes, which survives a move of the folder."""
        status = self.path.stat()
        return f"scenedex-{status.st_dev:x}-{status.st_ino:x}"


def write_durably(path: Path, text: str) -> None:
    """Write a private file atomically and durably."""
    draft = path.with_name(f"{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        give_to_owner_of_folder(draft, descriptor)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Sync the names in a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

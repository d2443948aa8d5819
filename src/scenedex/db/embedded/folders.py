"""File names of an embedded PostgreSQL.

The control folder inside the data folder holds files for the users: locks, password, log. The server folder holds
PostgreSQL's files and belongs to the account that it runs as.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from scenedex.db.embedded.locks import give_to_owner_of_folder


@dataclass(frozen=True, slots=True)
class ControlFolder:
    """Folder shared by all users of one cluster."""

    path: Path

    @property
    def start_lock(self) -> Path:
        """Lock held exclusively while starting the server."""
        return self.path / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Lock shared by all users, and held exclusively by the supervisor while it stops the server."""
        return self.path / "users.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Lock held exclusively by the supervisor during its life."""
        return self.path / "supervisor.lock"

    @property
    def password_file(self) -> Path:
        """Password of the role of the users."""
        return self.path / "password"

    @property
    def log(self) -> Path:
        """Log of PostgreSQL and its supervisor."""
        return self.path / "postgres.log"

    @property
    def location_file(self) -> Path:
        """Path of the server folder if it is outside this folder."""
        return self.path / "location"

    def server(self) -> ServerFolder:
        """Return the server folder, which may not exist."""
        try:
            return ServerFolder(Path(self.location_file.read_text(encoding="utf-8").strip()))
        except FileNotFoundError:
            return ServerFolder(self.path / "server")


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """Folder of the account that PostgreSQL runs as."""

    path: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "cluster"

    @property
    def postmaster_file(self) -> Path:
        """Status file of the server, which remains if it is killed."""
        return self.cluster / "postmaster.pid"

    @property
    def unfinished_cluster(self) -> Path:
        """A cluster being created, worthless after its creator has ended."""
        return self.path / "cluster.unfinished"

    @property
    def socket(self) -> Path:
        """Folder of the socket, if its path is short enough."""
        return self.path / "socket"

    @property
    def lock(self) -> Path:
        """Lock held by every process of the server, including the last."""
        return self.path / "server.lock"

    @property
    def vector_version_file(self) -> Path:
        """Version of the extension's SQL objects in the cluster."""
        return self.path / "vector-version"

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

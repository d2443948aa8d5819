"""Names of the files of an embedded PostgreSQL.

The control folder lies in the data folder and holds what its users need: locks, password, log. The server folder
holds what PostgreSQL needs and belongs to the account that it runs as.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from scenedex.db.embedded.locks import give_to_owner_of_folder


@dataclass(frozen=True, slots=True)
class ControlFolder:
    """The folder that all users of one cluster meet in."""

    path: Path

    @property
    def start_lock(self) -> Path:
        """Held alone by whoever starts the server."""
        return self.path / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by all users; held alone by the supervisor while it stops the server."""
        return self.path / "users.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held alone by the supervisor as long as it lives."""
        return self.path / "supervisor.lock"

    @property
    def password_file(self) -> Path:
        """The password of the role that users connect as."""
        return self.path / "password"

    @property
    def log(self) -> Path:
        """What PostgreSQL and its supervisor have to say."""
        return self.path / "postgres.log"

    @property
    def location_file(self) -> Path:
        """The path of the server folder, where that does not lie in this folder."""
        return self.path / "location"

    def server(self) -> ServerFolder:
        """The server folder, whether it exists or not.

        Raises:
            OSError: the location file cannot be read.
        """
        try:
            return ServerFolder(Path(self.location_file.read_text(encoding="utf-8").strip()))
        except FileNotFoundError:
            return ServerFolder(self.path / "server")


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """The folder of the account that PostgreSQL runs as."""

    path: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "cluster"

    @property
    def postmaster_file(self) -> Path:
        """What the server writes about itself; left over if it is killed."""
        return self.cluster / "postmaster.pid"

    @property
    def unfinished_cluster(self) -> Path:
        """A cluster in the making; of no value if its maker is gone."""
        return self.path / "cluster.unfinished"

    @property
    def socket(self) -> Path:
        """The folder of the socket, if it can be in here."""
        return self.path / "socket"

    @property
    def lock(self) -> Path:
        """Held by every process of the server, the last one included."""
        return self.path / "server.lock"

    @property
    def vector_version_file(self) -> Path:
        """The version of the extension whose SQL objects the cluster has."""
        return self.path / "vector-version"

    @property
    def cluster_name(self) -> str:
        """A name for the cluster's processes that outlives a move of the folder.

        Raises:
            OSError: there is no such folder.
        """
        status = self.path.stat()
        return f"scenedex-{status.st_dev:x}-{status.st_ino:x}"


def write_durably(path: Path, text: str) -> None:
    """Put a private file in place as a whole, surviving a crash of the machine.

    Raises:
        OSError: it could not be written; an earlier file is untouched.
    """
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
    """Make the names in a folder survive a crash of the machine."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What a user tells the supervisor that it starts, and what it hears back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import Binaries
from scenedex.db.embedded.errors import EmbeddedPostgresError, named
from scenedex.db.embedded.folders import ServerFolder
from scenedex.db.embedded.identity import Identity, IdentityKind
from scenedex.db.embedded.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Sequence

READY = "ready"
_FIELD_SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class Order:
    """Command-line arguments of a supervisor; the password comes on its standard input.

    Attributes:
        placement: the server to look after.
        users_lock: descriptor of the users' lock, not held.
        supervisor_lock: descriptor of the supervisor's lock, held alone.
        start_limit_s: how long making a cluster may take.
        is_password_new: whether the cluster, if it exists, cannot know the password yet.
    """

    placement: Placement
    users_lock: int
    supervisor_lock: int
    start_limit_s: float
    is_password_new: bool

    def arguments(self) -> list[str]:
        """The arguments that say this."""
        place = self.placement
        return [
            str(place.server.path),
            str(place.binaries.prefix),
            place.identity.kind.value,
            str(place.identity.uid),
            str(place.identity.gid),
            str(self.users_lock),
            str(self.supervisor_lock),
            str(self.start_limit_s),
            str(int(self.is_password_new)),
        ]

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Order:
        """Read arguments.

        Raises:
            ValueError: they are none of ours.
        """
        server, prefix, kind, uid, gid, users, supervisor, limit, is_new = arguments
        identity = Identity(IdentityKind(kind), int(uid), int(gid))
        placement = Placement(ServerFolder(Path(server)), Binaries(Path(prefix)), identity)
        return cls(placement, int(users), int(supervisor), float(limit), is_new == "1")


def failure_line(error: EmbeddedPostgresError) -> str:
    """One line that carries an error to the process that waits; its log lines stay in the log."""
    return _FIELD_SEPARATOR.join((type(error).__name__, " ".join(error.detail.split())))


def failure_of(line: str) -> tuple[type[EmbeddedPostgresError], str]:
    """The class and the detail of an error that came as a line."""
    name, _, detail = line.partition(_FIELD_SEPARATOR)
    return named(name), detail

"""Arguments of the supervisor, and its report to the user that starts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import Binaries
from scenedex.db.embedded.errors import EmbeddedPostgresError, error_named
from scenedex.db.embedded.folders import ServerFolder
from scenedex.db.embedded.identity import IdentityKind, ServerIdentity
from scenedex.db.embedded.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Sequence

READY = "ready"
_FIELD_SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class SupervisorArguments:
    """Command-line arguments of a supervisor. The password follows on its standard input.

    Attributes:
        placement: placement of its server.
        users_lock: descriptor of the users' lock, not held.
        supervisor_lock: descriptor of the supervisor's lock, held exclusively.
        start_limit_s: limit for the creation of a cluster.
        is_password_new: whether an existing cluster cannot have the password yet.
    """

    placement: Placement
    users_lock: int
    supervisor_lock: int
    start_limit_s: float
    is_password_new: bool

    def encode(self) -> list[str]:
        """Return the command-line arguments."""
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
    def parse(cls, arguments: Sequence[str]) -> SupervisorArguments:
        """Parse command-line arguments.

        Raises:
            ValueError: they have another form.
        """
        server, prefix, kind, uid, gid, users, supervisor, limit, is_new = arguments
        identity = ServerIdentity(IdentityKind(kind), int(uid), int(gid))
        placement = Placement(ServerFolder(Path(server)), Binaries(Path(prefix)), identity)
        return cls(placement, int(users), int(supervisor), float(limit), is_new == "1")


def format_failure(error: EmbeddedPostgresError) -> str:
    """Format an error as one line for the waiting process, without its log."""
    return _FIELD_SEPARATOR.join((type(error).__name__, " ".join(error.detail.split())))


def parse_failure(line: str) -> tuple[type[EmbeddedPostgresError], str]:
    """Return the class and the detail of an error formatted by `format_failure`."""
    name, _, detail = line.partition(_FIELD_SEPARATOR)
    return error_named(name), detail

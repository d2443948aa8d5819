"""Reading ids, names, pages and times of requests: parsed here, trusted behind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unicodedata import normalize

from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from datetime import tzinfo

_FORBIDDEN = re.compile(r"[;|`\x00-\x1f\x7f]")
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_WORKSPACE_NAME = re.compile(r"[a-z0-9-]{3,63}", re.ASCII)
_MAX_ID = 2**63 - 1


def parse_id(field: str, value: str) -> int:
    """An id of a path or query.

    Raises:
        InvalidRequest: it is no integer.
    """
    if not _INTEGER.fullmatch(value) or len(value) > 30:  # noqa: PLR2004  # longer than any integer that means an id
        raise InvalidRequest(FieldProblem(field, "must be an integer"))
    # An integer beyond the database's range is a well-formed id of nothing; so is 0.
    number = int(value)
    return number if 0 < number <= _MAX_ID else 0


def check_name(field: str, value: str, *, longest: int) -> str:
    """A name given by people.

    Raises:
        InvalidRequest: it is blank, too long, or has one of ``;`` ``|`` and backtick or a control character.
    """
    if not any(character.isprintable() and not character.isspace() for character in value):
        raise InvalidRequest(FieldProblem(field, "must not be blank"))
    if len(value) > longest:
        raise InvalidRequest(FieldProblem(field, f"must be at most {longest} characters long"))
    if _FORBIDDEN.search(value):
        raise InvalidRequest(FieldProblem(field, "must not contain ; | ` or control characters"))
    return value


def check_label(field: str, value: str, *, longest: int) -> str:
    """A name of somebody or something that users tell apart by it: without space around it, and in the form NFC.

    So names that look the same are the same, wherever they were typed.

    Raises:
        InvalidRequest: as `check_name` says.
    """
    return check_name(field, normalize("NFC", value.strip(" \u00a0\u3000")), longest=longest)


def check_workspace_name(field: str, value: str) -> str:
    """The name of a workspace to be created.

    Raises:
        InvalidRequest: it is not 3-63 of a-z, 0-9 and the hyphen.
    """
    if not _WORKSPACE_NAME.fullmatch(value):
        raise InvalidRequest(FieldProblem(field, "must be 3 to 63 characters of a-z, 0-9 and -"))
    return value


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list is asked for."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """Items before the page, within the database's range."""
        return min((self.number - 1) * self.size, _MAX_ID)

    def pages_of(self, total: int) -> int:
        """How many pages a list of this many items has."""
        return -(-total // self.size)


@dataclass(frozen=True, slots=True)
class WireTime:
    """Writes moments as the contract does: ISO 8601 in the configured zone, without naming it."""

    zone: tzinfo = UTC

    def __call__(self, moment: datetime) -> str:
        """The moment as text, for example ``2025-04-23T17:14:11.482913``."""
        return moment.astimezone(self.zone).replace(tzinfo=None).isoformat()

    def parse(self, field: str, text: str) -> datetime:
        """A moment of a request, in the configured zone where it names none.

        Raises:
            InvalidRequest: it is no ISO 8601.
        """
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidRequest(FieldProblem(field, "must be a time such as 2025-04-23T17:14:11")) from error

"""Parsing of ids, names, pages and times of requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from unicodedata import normalize

import msgspec

from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from datetime import tzinfo

T = TypeVar("T", bound=msgspec.Struct)

_FORBIDDEN = re.compile(r"[;|`\x00-\x1f\x7f]")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_WORKSPACE_NAME = re.compile(r"[a-z0-9-]{3,63}", re.ASCII)
_MAX_ID = 2**63 - 1
_MAX_ID_LENGTH = 30


def is_integer(text: str) -> bool:
    """Return whether a text is a decimal integer as JSON writes it, without plus sign, leading zero or exponent."""
    return _INTEGER.fullmatch(text) is not None


def parse_id(field: str, value: str) -> int:
    """Return an id of a path or query as an integer, or 0 if no object can have it.

    Raises:
        InvalidRequest: the value is not an integer.
    """
    if not is_integer(value) or len(value) > _MAX_ID_LENGTH:
        raise InvalidRequest(FieldProblem(field, "must be an integer"))
    # An integer beyond the database's range is well-formed.
    number = int(value)
    return number if 0 < number <= _MAX_ID else 0


def check_name(field: str, value: str, *, max_length: int) -> str:
    """Return a name unchanged if it is valid.

    Raises:
        InvalidRequest: the name is blank, longer than `max_length` characters, or contains a semicolon, a vertical bar,
            a backtick or a control character.
    """
    if not any(character.isprintable() and not character.isspace() for character in value):
        raise InvalidRequest(FieldProblem(field, "must not be blank"))
    if len(value) > max_length:
        raise InvalidRequest(FieldProblem(field, f"must be at most {max_length} characters long"))
    if _FORBIDDEN.search(value):
        raise InvalidRequest(FieldProblem(field, "must not contain ; | ` or control characters"))
    return value


def check_label(field: str, value: str, *, max_length: int) -> str:
    """Return a name that identifies an object to users, stripped and in the normal form NFC.

    So two names that look the same are equal.

    Raises:
        InvalidRequest: see `check_name`.
    """
    return check_name(field, normalize("NFC", value.strip(" \u00a0\u3000")), max_length=max_length)


def check_workspace_name(field: str, value: str) -> str:
    """Return the name of a workspace unchanged if it is valid.

    Raises:
        InvalidRequest: the name is not 3 to 63 characters of a-z, 0-9 and the hyphen.
    """
    if not _WORKSPACE_NAME.fullmatch(value):
        raise InvalidRequest(FieldProblem(field, "must be 3 to 63 characters of a-z, 0-9 and -"))
    return value


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Number, from 1, and size of a page of a list."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """Number of items before the page, limited to the database's range."""
        return min((self.number - 1) * self.size, _MAX_ID)

    def pages_of(self, total: int) -> int:
        """Return the number of pages of a list of `total` items."""
        return -(-total // self.size)


@dataclass(frozen=True, slots=True)
class WireTime:
    """Time format of the contract: ISO 8601 in the configured zone, without a UTC offset."""

    zone: tzinfo = UTC

    def __call__(self, moment: datetime) -> str:
        """Format a moment, for example as ``2025-04-23T17:14:11.482913``."""
        return moment.astimezone(self.zone).replace(tzinfo=None).isoformat()

    def in_seconds(self, moment: datetime) -> str:
        """Format a moment without its fraction of a second, for example as ``2025-04-23T17:14:11``."""
        return moment.astimezone(self.zone).replace(tzinfo=None).isoformat(timespec="seconds")

    def shape(self, kind: type[T], record: object, **others: object) -> T:
        """Return the wire shape of a record whose fields have the same names, with its times formatted.

        Args:
            kind: type of the shape.
            record: the record. Fields that the shape lacks are left out.
            others: fields of the shape that the record lacks.
        """
        found = {name: getattr(record, name) for name in kind.__struct_fields__ if hasattr(record, name)}
        times = {name: self(value) for name, value in found.items() if isinstance(value, datetime)}
        return kind(**found | times | others)

    def parse(self, field: str, text: str) -> datetime:
        """Parse a moment of a request, in the configured zone if it has no UTC offset.

        Raises:
            InvalidRequest: the text is not in ISO 8601.
        """
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidRequest(FieldProblem(field, "must be a time such as 2025-04-23T17:14:11")) from error

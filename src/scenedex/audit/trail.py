"""Telling deeds: whoever begins one says so, and the transaction that does it writes it down."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.audit import queries

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.audit.records import Deed
    from scenedex.db.database import Transaction


@dataclass(slots=True)
class _Telling:
    deed: Deed
    is_told: bool = False


class AuditTrail:
    """The witness of a database: adds the event of a deed to the first transaction within it that changes something.

    So a deed is told if and only if it is done: what rolls back leaves no event, and an event that cannot be written
    rolls the change back.
    """

    def __init__(self) -> None:
        self._telling: ContextVar[_Telling | None] = ContextVar("deed", default=None)

    @contextmanager
    def telling(self, deed: Deed) -> Generator[None]:
        """What changes within the block, and in what it awaits, is this deed."""
        telling = _Telling(deed)
        token = self._telling.set(telling)
        try:
            yield
        finally:
            self._telling.reset(token)
            # A connection that went on reading within the block answers its next call in a copy of this context.
            telling.is_told = True

    def is_telling(self) -> bool:
        """Whether what changes is a deed that has not been told."""
        telling = self._telling.get()
        return telling is not None and not telling.is_told

    async def before_commit(self, tx: Transaction) -> None:
        """See `Witness`."""
        telling = self._telling.get()
        if telling is not None and not telling.is_told:
            telling.is_told = await queries.tell(tx, telling.deed)

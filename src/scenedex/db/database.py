"""A pool of connections and the transactions on it."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, LiteralString, Protocol, TypeAlias, TypeVar
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import args_row, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

Connection = psycopg.AsyncConnection[Any]
Row = TypeVar("Row")
Params: TypeAlias = "Sequence[object] | Mapping[str, object]"
# A network that swallows packets says nothing: without these, an answer is waited for a quarter of an hour.
_SIGNS_OF_LIFE: Final = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 30_000,  # milliseconds
}


# Broken connections, shutdowns and starts, by their states.
_AWAY: Final = frozenset({"08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03"})


class DatabaseUnavailable(Exception):
    """The database does not answer."""

    @property
    def is_away(self) -> bool:
        """Whether there is no connection, rather than a statement that cannot be done."""
        state = getattr(self.__cause__, "sqlstate", None)
        return state is None or state in _AWAY


class DatabaseObserver(Protocol):
    """Who is told how long the database takes, in seconds."""

    def note_wait(self, seconds: float) -> None:
        """A connection was waited for, whether one came or not."""
        ...

    def note_transaction(self, seconds: float) -> None:
        """A transaction is over, with whatever result."""
        ...


class Transaction:
    """One open transaction; statements run in the order of the calls.

    Attributes:
        connection: what the statements run on.
    """

    def __init__(self, connection: Connection, on_statement: Callable[[str], None] | None) -> None:
        self.connection = connection
        self._on_statement = on_statement

    async def all(self, make: Callable[..., Row], sql: LiteralString, /, *params: object, **named: object) -> list[Row]:
        """Return all rows, each made by calling ``make`` with its columns in order.

        Parameters are positional (``%s``) or named (``%(name)s``), never both. So it is in all methods below.
        """
        async with self._cursor(make) as cursor:
            await self._execute(cursor, sql, named or params)
            return await cursor.fetchall()

    async def one(
        self, make: Callable[..., Row], sql: LiteralString, /, *params: object, **named: object
    ) -> Row | None:
        """Return the first row, or None."""
        async with self._cursor(make) as cursor:
            await self._execute(cursor, sql, named or params)
            return await cursor.fetchone()

    async def value(self, sql: LiteralString, /, *params: object, **named: object) -> Any:  # noqa: ANN401  # the statement decides the type
        """Return the first column of the first row, or None."""
        async with self.connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            await self._execute(cursor, sql, named or params)
            row = await cursor.fetchone()
            return None if row is None else row[0]

    async def stream(
        self, make: Callable[..., Row], sql: LiteralString, /, *params: object, at_once: int = 1000, **named: object
    ) -> AsyncGenerator[Row]:
        """Yield all rows, fetched ``at_once`` at a time. Several streams may be read in turns."""
        async with self.connection.cursor(
            name=f"stream_{uuid4().hex}", row_factory=args_row(make), binary=True
        ) as cursor:
            cursor.itersize = at_once
            await self._execute(cursor, sql, named or params)
            async for row in cursor:
                yield row

    async def run(self, sql: LiteralString, /, *params: object, **named: object) -> int:
        """Run a statement that returns no rows. Return the number of rows that it changed."""
        async with self.connection.cursor() as cursor:
            await self._execute(cursor, sql, named or params)
            return cursor.rowcount

    async def run_many(
        self, sql: LiteralString, rows: Sequence[Sequence[object]] | Sequence[Mapping[str, object]]
    ) -> None:
        """Run one statement for many rows, in one pipelined batch."""
        async with self.connection.cursor() as cursor:
            if self._on_statement:
                self._on_statement(sql)
            await cursor.executemany(sql, rows)

    def _cursor(self, make: Callable[..., Row]) -> psycopg.AsyncCursor[Row]:
        return self.connection.cursor(row_factory=args_row(make), binary=True)

    async def _execute(self, cursor: psycopg.AsyncCursor[Any], sql: LiteralString, params: Params) -> None:
        if self._on_statement:
            self._on_statement(sql)
        await cursor.execute(sql, params)


class Database:
    """Connections of one process to one PostgreSQL database.

    Args:
        conninfo: libpq connection string or URL; how soon a silent connection counts as broken may be said there.
        pool_size: most connections at a time.
        on_statement: told each statement that a transaction runs; tests count queries with it.
        observer: told how long connections and transactions take.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        pool_size: int = 10,
        on_statement: Callable[[str], None] | None = None,
        observer: DatabaseObserver | None = None,
    ) -> None:
        said = conninfo_to_dict(conninfo)
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=10,
            kwargs={"prepare_threshold": 3} | {key: some for key, some in _SIGNS_OF_LIFE.items() if key not in said},
            check=AsyncConnectionPool.check_connection,
        )
        self.conninfo = conninfo
        self._on_statement = on_statement
        self._observer = observer

    async def open(self) -> None:
        """Open the pool and wait for a first connection.

        Raises:
            DatabaseUnavailable: none came.
        """
        try:
            await self.pool.open(wait=True, timeout=30)
        except PoolTimeout as error:
            await self.pool.close()
            raise DatabaseUnavailable from error

    async def close(self) -> None:
        """Close all connections."""
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """A transaction: committed at the end of the block, rolled back by an exception.

        Raises:
            DatabaseUnavailable: no connection could be had, or it broke.
        """
        asked = time.perf_counter()
        begun: float | None = None
        try:
            async with self.pool.connection() as connection:
                begun = time.perf_counter()
                yield Transaction(connection, self._on_statement)
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseUnavailable from error
        finally:
            self._observe(asked, begun)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Transaction]:
        """A transaction to read in: all its statements see one state, whatever is committed meanwhile.

        Raises:
            DatabaseUnavailable: no connection could be had, or it broke.
        """
        async with self.transaction() as tx:
            connection = tx.connection
            await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            try:
                async with connection.transaction():
                    yield tx
            finally:
                if not connection.closed:
                    await connection.set_isolation_level(None)

    def _observe(self, asked: float, begun: float | None) -> None:
        if self._observer is None:
            return
        ended = time.perf_counter()
        if begun is None:
            self._observer.note_wait(ended - asked)
        else:
            self._observer.note_wait(begun - asked)
            self._observer.note_transaction(ended - begun)

"""Connection pool and transactions."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, LiteralString, Protocol, TypeAlias, TypeVar
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import args_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

Connection = psycopg.AsyncConnection[Any]
Row = TypeVar("Row")
Params: TypeAlias = "Sequence[object] | Mapping[str, object]"
# Without these, a network that drops packets blocks a statement for a quarter of an hour.
_KEEPALIVE: Final = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 30_000,  # milliseconds
}


# SQLSTATEs of broken connections, shutdowns and starts.
_CONNECTION_STATES: Final = frozenset({"08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03"})


class DatabaseUnavailable(Exception):
    """The database does not answer."""

    @property
    def is_away(self) -> bool:
        """True if the connection failed, rather than a statement."""
        state = getattr(self.__cause__, "sqlstate", None)
        return state is None or state in _CONNECTION_STATES


class DatabaseObserver(Protocol):
    """Receiver of durations of database work in seconds."""

    def note_wait(self, seconds: float) -> None:
        """Record the wait for a connection, successful or not."""
        ...

    def note_transaction(self, seconds: float) -> None:
        """Record a transaction with any outcome."""
        ...


def as_tuple(*columns: Any) -> Any:  # noqa: ANN401  # the statement decides the types
    """Return the columns of a row, for methods of `Transaction` that make something of them."""
    return columns


class Transaction:
    """One open transaction, whose statements run in the order of the calls."""

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
        row = await self.one(as_tuple, sql, *params, **named)
        return None if row is None else row[0]

    async def stream(
        self, make: Callable[..., Row], sql: LiteralString, /, *params: object, batch_size: int = 1000, **named: object
    ) -> AsyncGenerator[Row]:
        """Yield all rows, fetched in batches of ``batch_size``. Several streams may be read alternately."""
        async with self.connection.cursor(
            name=f"stream_{uuid4().hex}", row_factory=args_row(make), binary=True
        ) as cursor:
            cursor.itersize = batch_size
            await self._execute(cursor, sql, named or params)
            async for row in cursor:
                yield row

    async def run(self, sql: LiteralString, /, *params: object, **named: object) -> int:
        """Run a statement that returns no rows. Return the number of rows that it changed."""
        async with self.connection.cursor() as cursor:
            await self._execute(cursor, sql, named or params)
            return cursor.rowcount

    async def commit_without_disk(self) -> None:
        """Have the commit not wait for the disk. If the database crashes within a second, the transaction may be lost.

        Later transactions that wait for the disk also save this one.
        """
        await self.run("SET LOCAL synchronous_commit TO off")

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
        conninfo: libpq connection string or URL, which may override the keepalive settings.
        on_statement: called with each statement. Tests count queries with it.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        pool_size: int = 10,
        on_statement: Callable[[str], None] | None = None,
        observer: DatabaseObserver | None = None,
    ) -> None:
        given = conninfo_to_dict(conninfo)
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=10,
            kwargs={"prepare_threshold": 3} | {key: some for key, some in _KEEPALIVE.items() if key not in given},
            check=AsyncConnectionPool.check_connection,
        )
        self.conninfo = conninfo
        self._on_statement = on_statement
        self._observer = observer

    async def open(self) -> None:
        """Open the pool and wait for its first connection.

        Raises:
            DatabaseUnavailable: there was no connection in time.
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
        """Open a transaction that commits at the end of the block and rolls back on an exception.

        Raises:
            DatabaseUnavailable: there was no connection, or it broke.
        """
        requested = time.perf_counter()
        started: float | None = None
        try:
            async with self.pool.connection() as connection:
                started = time.perf_counter()
                yield Transaction(connection, self._on_statement)
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseUnavailable from error
        finally:
            self._observe(requested, started)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Open a connection whose statements are transactions of their own, which saves two round trips.

        Raises:
            DatabaseUnavailable: there was no connection, or it broke.
        """
        async with self.transaction() as tx:
            connection = tx.connection
            await connection.set_autocommit(True)
            try:
                yield tx
            finally:
                if not connection.closed:
                    await connection.set_autocommit(False)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Transaction]:
        """Open a transaction as `transaction` does, whose statements all read one state of the database."""
        async with self.transaction() as tx:
            connection = tx.connection
            await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            try:
                async with connection.transaction():
                    yield tx
            finally:
                if not connection.closed:
                    await connection.set_isolation_level(None)

    def _observe(self, requested: float, started: float | None) -> None:
        if self._observer is None:
            return
        ended = time.perf_counter()
        if started is None:
            self._observer.note_wait(ended - requested)
        else:
            self._observer.note_wait(started - requested)
            self._observer.note_transaction(ended - started)

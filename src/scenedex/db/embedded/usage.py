"""Use of the embedded PostgreSQL by a process."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scenedex.db.embedded import errors
from scenedex.db.embedded.configuration import connection_string
from scenedex.db.embedded.deadline import Deadline
from scenedex.db.embedded.errors import (
    ClusterDamaged,
    EmbeddedPostgresError,
    FolderOutOfReach,
    NamespaceForbidden,
    PostgresDidNotStart,
    StartTimedOut,
)
from scenedex.db.embedded.identity import IdentityKind
from scenedex.db.embedded.launcher import launch
from scenedex.db.embedded.locks import FileLock, is_locked
from scenedex.db.embedded.placement import RootPolicy, choose_placement, open_control_folder
from scenedex.db.embedded.postmaster import ready_socket_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from scenedex.db.embedded.folders import ControlFolder

_POLL_S = 0.01
_DEFAULT_POLICY = RootPolicy()


class EmbeddedPostgres:
    """Use of the server of a data folder, which runs at least until this is closed.

    Created by `open_embedded`. All methods block. Call them from asynchronous code through ``asyncio.to_thread``. A
    process that ends without closing counts as closed. Forked children that start no other program count as part of it
    and keep the server up until the parent closes or they end.

    Attributes:
        conninfo: libpq connection string over the server's socket, with the password. Restarts do not change it.
    """

    def __init__(self, control: ControlFolder, policy: RootPolicy, users_lock: FileLock, conninfo: str) -> None:
        self.conninfo = conninfo
        self._control = control
        self._policy = policy
        self._users_lock: FileLock | None = users_lock
        self._pid = os.getpid()

    def ensure_running(self, *, timeout_s: float = 60.0) -> None:
        """Start the server again if it and its supervisor were killed.

        Raises:
            EmbeddedPostgresError: it cannot be started.
            RuntimeError: it is closed.
        """
        if self._users_lock is None:
            raise RuntimeError("the embedded PostgreSQL is closed")
        with _translated_errors():
            _bring_up(self._control, self._policy, Deadline(timeout_s))

    def close(self, *, timeout_s: float = 20.0) -> None:
        """Stop using the server, and wait until it has stopped if this was the last user.

        Never raises for failures of the server. One that takes longer than the limit stops on its own.
        """
        lock, self._users_lock = self._users_lock, None
        if lock is None:
            return
        try:
            if os.getpid() == self._pid:
                with suppress(EmbeddedPostgresError), _translated_errors():
                    self._leave(lock, Deadline(timeout_s))
        finally:
            lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _leave(self, lock: FileLock, deadline: Deadline) -> None:
        control = self._control
        if not is_locked(control.supervisor_lock) and is_locked(control.server().lock):
            # Without a supervisor, this server would never stop.
            with suppress(EmbeddedPostgresError):
                _bring_up(control, self._policy, deadline)
        is_last = lock.try_exclusive()
        lock.release()
        while is_last and is_locked(control.supervisor_lock) and deadline.pause(_POLL_S):
            if lock.try_exclusive():
                lock.release()
            elif lock.try_shared():
                # Another user has opened it, so the server stays.
                lock.release()
                is_last = False


def open_embedded(
    data_dir: Path, *, timeout_s: float = 60.0, root_policy: RootPolicy = _DEFAULT_POLICY
) -> EmbeddedPostgres:
    """Use the PostgreSQL of a data folder, and start it if it is not running. Its database and role exist then.

    Blocks for about a second the first time, less than a fifth of one later, and for a few milliseconds if the server
    is running.

    The server's files are in ``postgres`` in the data folder, which is created if missing. The timeout includes the
    wait for other processes.

    Raises:
        EmbeddedPostgresError: PostgreSQL cannot be used, for the reason in its subclass.
    """
    deadline = Deadline(timeout_s)
    with _translated_errors():
        control = open_control_folder(data_dir)
        users_lock = FileLock.open(control.users_lock)
        try:
            _wait_for(users_lock.try_shared, deadline, "an earlier server is still stopping")
            socket_folder = _bring_up(control, root_policy, deadline)
            conninfo = _conninfo(control, socket_folder)
        except BaseException:
            users_lock.close()
            raise
    return EmbeddedPostgres(control, root_policy, users_lock, conninfo)


def _bring_up(control: ControlFolder, policy: RootPolicy, deadline: Deadline) -> Path:
    """Ensure a ready server with a supervisor, with the users' lock held shared. Return its socket folder."""
    if folder := _supervised_socket_folder(control):
        return folder
    start_lock, supervisor_lock = FileLock.open(control.start_lock), FileLock.open(control.supervisor_lock)
    try:
        _wait_for(start_lock.try_exclusive, deadline, "another process is starting it")
        while not supervisor_lock.try_exclusive():
            if folder := _supervised_socket_folder(control):
                return folder
            if not deadline.pause(_POLL_S):
                raise StartTimedOut(f"{deadline.seconds:g} s")
        _launch(control, policy, supervisor_lock, deadline)
    finally:
        supervisor_lock.close()
        start_lock.close()
    if folder := _supervised_socket_folder(control):
        return folder
    raise PostgresDidNotStart("it ended at once")


def _launch(control: ControlFolder, policy: RootPolicy, supervisor_lock: FileLock, deadline: Deadline) -> None:
    placement = choose_placement(control, policy)
    try:
        launch(control, placement, supervisor_lock, deadline)
    except (NamespaceForbidden, FolderOutOfReach):
        if os.geteuid() != 0 or placement.identity.kind is not IdentityKind.NAMESPACE:
            raise
        placement = choose_placement(control, replace(policy, use_namespace=False))
        launch(control, placement, supervisor_lock, deadline)


def _supervised_socket_folder(control: ControlFolder) -> Path | None:
    return ready_socket_folder(control.server()) if is_locked(control.supervisor_lock) else None


def _conninfo(control: ControlFolder, socket_folder: Path) -> str:
    try:
        password = control.password_file.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        detail = f"{control.password_file} is missing. It is created again once no process uses the server"
        raise ClusterDamaged(detail) from error
    return connection_string(socket_folder, password)


def _wait_for(is_done: Callable[[], bool], deadline: Deadline, reason: str) -> None:
    while not is_done():
        if not deadline.pause(_POLL_S):
            raise StartTimedOut(f"{reason} after {deadline.seconds:g} s")


@contextmanager
def _translated_errors() -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise errors.from_os(error) from error

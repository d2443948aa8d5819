"""Failures of operators' commands: one line instead of a traceback."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scenedex.cli.folders import NoDataFolder
from scenedex.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def operator_failures() -> Generator[None]:
    """End the process with status 1 and one line on stderr after a known failure."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _kinds()):
            raise
        said = " ".join((type(error).__doc__ or "").split("\n\n")[0].split())
        detail = " ".join(str(error).split())
        shown = said if not detail or detail in said else detail
        sys.stderr.write(f"scenedex: {Invocation.of_process().typed(shown)}\n")
        sys.exit(1)


def _kinds() -> tuple[type[Exception], ...]:
    """Return the failures that are not bugs. Importing them earlier would double the time of a small command."""
    from scenedex.auth.keys import UnknownAccessKey
    from scenedex.auth.secrets import SecretKeyUnusable, SecretUnreadable
    from scenedex.db.database import DatabaseUnavailable
    from scenedex.db.embedded.errors import EmbeddedPostgresError
    from scenedex.db.schema import DatabaseUnsuitable, SchemaTooNew
    from scenedex.engines.catalog.entries import WeightsError
    from scenedex.engines.keywords import VocabularyUnreadable
    from scenedex.settings import SettingsInvalid
    from scenedex.storage.errors import StorageError

    return (
        DatabaseUnavailable,
        DatabaseUnsuitable,
        EmbeddedPostgresError,
        NoDataFolder,
        OSError,
        SchemaTooNew,
        SecretKeyUnusable,
        SecretUnreadable,
        SettingsInvalid,
        StorageError,
        UnknownAccessKey,
        VocabularyUnreadable,
        WeightsError,
    )

"""Configuration of logs."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from scenedex.settings import LogSettings


def keep_logs_off_output() -> None:
    """Write warnings of a command to stderr, so that its output can be read by a program."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def is_for_people(settings: LogSettings) -> bool:
    """Return whether the log is written for people."""
    return settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())


def configure_logs(settings: LogSettings) -> None:
    """Write our events and those of libraries to stderr, for people or as a JSON object per line."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if is_for_people(settings)
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Libraries log each job, connection and access. We log the relevant ones ourselves.
    for name in ("procrastinate", "uvicorn", "uvicorn.error", "psycopg.pool", "litestar", "alembic", "httpx2"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))

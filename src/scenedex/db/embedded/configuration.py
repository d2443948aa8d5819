"""Configuration of the embedded server: for a small machine, durable, with access for its role only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "scenedex"
DATABASE = "scenedex"
PORT = 5432

# Access with the role's password only, and not from the network.
HOST_BASED_ACCESS = f"local all {ROLE} scram-sha-256\n"

INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-sync",
    "--no-instructions",
)

# These sessions need not wait for the disk, since the whole cluster is synced at the end.
SINGLE_USER_OPTIONS = ("--single", "-c", "exit_on_error=on", "-c", "log_checkpoints=off", "-c", "jit=off")


def server_options(socket_folder: Path, cluster_name: str) -> list[str]:
    """Return the command-line options of the server, which override the files of the cluster."""
    quoted_folder = str(socket_folder).replace('"', '""')
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": f'"{quoted_folder}"',
        "unix_socket_permissions": "0700",
        "ssl": "off",
        "cluster_name": cluster_name,
        "max_connections": "100",
        "shared_buffers": "128MB",
        "effective_cache_size": "1GB",
        "work_mem": "8MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        # /dev/shm has 64 MB in containers, too little for parallel index builds. System V segments have no such limit.
        "dynamic_shared_memory_type": "sysv" if sys.platform == "linux" else "posix",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "min_wal_size": "80MB",
        "max_wal_size": "1GB",
        "log_destination": "stderr",
        "logging_collector": "off",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "default_text_search_config": "pg_catalog.simple",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def connection_string(socket_folder: Path, password: str) -> str:
    """Return the libpq connection string of the server."""
    values = {"host": str(socket_folder), "port": str(PORT), "dbname": DATABASE, "user": ROLE, "password": password}
    return " ".join(f"{name}={_quoted(value)}" for name, value in values.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

"""User of the embedded PostgreSQL that obeys its standard input. At the end of input it exits without closing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scenedex.db.embedded import EmbeddedPostgresError, open_embedded
from scenedex.db.embedded.placement import RootPolicy

data_dir, use_namespace, fallback_folder = sys.argv[1:]
policy = RootPolicy(use_namespace=use_namespace == "yes", fallback_folder=Path(fallback_folder))
try:
    database = open_embedded(Path(data_dir), root_policy=policy)
except EmbeddedPostgresError as error:
    print(type(error).__name__, *str(error).splitlines(), flush=True)  # noqa: T201  # read by the test
    sys.exit(1)
print(database.conninfo, flush=True)  # noqa: T201  # read by the test
for line in sys.stdin:
    match line.strip():
        case "close":
            database.close()
        case "ensure":
            database.ensure_running()
        case "close in a child":
            if os.fork() == 0:
                database.close()
                os._exit(0)
            os.wait()
        case command:
            raise ValueError(command)
    print("done", flush=True)  # noqa: T201  # read by the test

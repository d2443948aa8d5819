"""Requests to S3 of an import, an upload, an analysis, an index that is read and an asset that is deleted.

They are counted by the server's own metrics, on a Ceph gateway of the tests. Prints a Markdown table for the README.
Run from the root of the repository: ``PYTHONPATH=tests python -m benchmarks.scale.requests``.
"""

from __future__ import annotations

import re
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.faults.site import s3_service
from benchmarks.scale.workers import write_films

from clusters import workplace
from newsroom import open_desk
from postgres_server import make_postgres
from processes import Server, running, until
from scenedex.client import AnalysisOptions
from sizes import grown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsroom import Desk

METHODS: Final = ("head", "get", "put", "post", "delete")
# Workers tell what they measured every ten seconds.
TELLING_S: Final = 12
_COUNT = re.compile(r'^scenedex_storage_seconds_count\{operation="([^"]+)",process="[^"]+"\} (\S+)$', re.MULTILINE)


def counted(server: Server) -> Counter[str]:
    """Requests of all processes so far, by method."""
    time.sleep(TELLING_S)
    with urllib.request.urlopen(f"{server.endpoint}/metrics") as answer:  # noqa: S310  # our own server
        text = answer.read().decode()
    found: Counter[str] = Counter()
    for method, count in _COUNT.findall(text):
        found[method] += int(float(count))
    return found


def steps(desk: Desk, server: Server, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the steps in order."""
    index = AnalysisOptions(analysis_person_count=5)
    for seconds in (6, 60):
        [made] = write_films(folder / str(seconds), 1, seconds)
        film, name = folder / str(seconds) / made, f"film-{seconds}.mp4"
        size = f"{film.stat().st_size / 1e6:.1f} MB"
        server.put(name, film.read_bytes())
        known: list[int] = []
        yield f"import of {size}", lambda name=name, known=known: known.append(desk.imported(name))
        yield f"analysis of {seconds} s, all bundled engines", lambda known=known: desk.analysed(known[0], index)
        yield "index, read again", lambda known=known: desk.index(known[0]).get()
        yield "deletion", lambda known=known: _delete(desk, server, known[0])
    yield f"upload of {size}, and its import", lambda: _upload(desk, film)


def _upload(desk: Desk, file: Path) -> None:
    desk.assets.wait_import(desk.assets.upload(file).asset_id)


def _delete(desk: Desk, server: Server, asset_id: int) -> None:
    desk.assets.delete(asset_id)
    until(lambda: not server.ground.managed(f"assets/{asset_id}/"), "its objects are gone")


def main() -> None:
    """Print the table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scenedex-requests-")))
        postgres = make_postgres(Path(stack.enter_context(workplace())))
        postgres.start()
        stack.callback(postgres.stop)
        ground = grown(postgres.create_database(), stack.enter_context(s3_service()))
        server = stack.enter_context(running(Server(folder / "data", ground)))
        desk = stack.enter_context(open_desk(server))
        print(f"| | {' | '.join(METHODS).upper()} | all |\n|---|{'---|' * (len(METHODS) + 1)}")
        before = counted(server)
        print(f"<!-- before: {dict(before)} -->")
        for what, do in steps(desk, server, folder):
            do()
            after = counted(server)
            made = after - before
            print(f"| {what} | {' | '.join(str(made[method]) for method in METHODS)} | {made.total()} |", flush=True)
            before = after


if __name__ == "__main__":
    main()

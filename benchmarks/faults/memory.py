"""Analyses with too little memory for the decoder. Each must fail with a reason and block no other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.faults.user import OPTIONS, PATIENCE_S, User

from scenedex.client import AnalysisFailed, AnalysisStatus

if TYPE_CHECKING:
    from benchmarks.faults.site import Site

NAME = "memory"
# Not enough for the stacks of so many threads, whatever else is held.
TOO_LITTLE = {"SCENEDEX_MEDIA_MEMORY_BYTES": str(256 * 1024**2), "SCENEDEX_MEDIA_DECODE_THREADS": "16"}
_FILES = 3


def run(site: Site, user: User) -> tuple[str, list[str]]:
    """Run the analyses. Return a description and a list of wrong results."""
    wrong: list[str] = []
    reasons: set[str] = set()
    # What the analyses of the campaign stored would be taken over: another workspace knows nothing of it.
    other = User(user.client, NAME, _project(user), user.bucket)
    site.restart({})
    assets = [other.assets.register(user.bucket, f"calm-{number}.mp4").asset_id for number in range(_FILES)]
    for asset in assets:
        other.assets.wait_import(asset, timeout=PATIENCE_S, poll=0.2)
    site.restart(TOO_LITTLE)
    for asset in assets:
        user.client.index(NAME, other.project_id, asset).request(OPTIONS)
    start = time.monotonic()
    for asset in assets:
        try:
            user.client.index(NAME, other.project_id, asset).wait(timeout=PATIENCE_S, poll=0.2)
            wrong.append(f"memory: asset {asset} was analysed with too little")
        except AnalysisFailed as error:
            reasons.add(str(error.status.message))
            if "memory" not in str(error.status.message):
                wrong.append(f"memory: asset {asset} ended with {error.status.message}")
    seconds = time.monotonic() - start
    site.restart({})
    for asset in assets:
        index = user.client.index(NAME, other.project_id, asset)
        index.request(OPTIONS)
        if index.wait(timeout=PATIENCE_S, poll=0.2).status is not AnalysisStatus.ANALYZE_COMPLETED:
            wrong.append(f"memory: asset {asset} was not analysed with enough")
    return f"memory: {len(assets)} analyses failed in {seconds:.1f} s: {sorted(reasons)}", wrong


def _project(user: User) -> int:
    user.client.workspaces.create(NAME)
    return next(iter(user.client.projects(NAME).list())).project_id

"""Assets with the states of their imports and analyses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from typing import Literal, TypeAlias

from scenedex.assets.records import Asset

StateName: TypeAlias = Literal["IMPORTING", "FAILED", "NOT_ANALYSED", "WAITING", "ANALYSING", "ANALYSED", "DUPLICATE"]
AssetOrder: TypeAlias = Literal["OLDEST", "NEWEST"]


@dataclass(frozen=True, slots=True)
class StateFilter:
    """Filter of assets. `None` sets no condition.

    Attributes:
        state: FAILED: the import or the latest analysis failed. NOT_ANALYSED: imported, without an index. WAITING and
            ANALYSING: an analysis waits or runs. ANALYSED: there is an index. DUPLICATE: an asset that was registered
            earlier in the workspace has the same bytes. An asset may be in several of these states.
        name: part of the key, in the normal form NFC, in upper or lower case.
    """

    state: StateName | None = None
    name: str | None = None


class AssetState(Asset, frozen=True, gc=False):
    """An asset with the states of its import and of its latest analysis.

    Attributes:
        bucket_name: bucket of the object, or `None` for an upload.
        analysed_time: time at which the present index was published.
        summary_status: status of the latest scene summary of the present index.
        duplicate_of: earliest asset of the workspace with the same bytes.
        keyframe_key: object with the poster of the index, or with the keyframe of its first scene if it has none.
    """

    bucket_name: str | None
    import_status: str
    import_result: str | None
    import_reason: str | None
    import_percent: int
    analysis_status: str
    analysis_message: str | None
    analysis_stage: str | None
    analysis_percent: int | None
    analysed_time: datetime | None
    summary_status: str
    duplicate_of: int | None
    keyframe_key: str | None


@dataclass(frozen=True, slots=True)
class StateCounts:
    """Number of assets of a project in each state. An asset may be in several."""

    total: int
    importing: int
    failed: int
    not_analysed: int
    waiting: int
    analysing: int
    analysed: int
    duplicate: int

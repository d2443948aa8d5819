"""Notifications of S3 services: AWS, MinIO and Ceph, also in the envelope of Amazon SNS. Pure.

An event names a key to look at, and nothing else of it counts. So events may come late, twice or in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

import msgspec

from scenedex.storage.names import key_problem
from scenedex.wire.errors import FieldProblem, InvalidRequest

_VERSION: Final = "2."  # every minor version of it has the fields that count


class _Name(msgspec.Struct, frozen=True):
    name: str


class _Key(msgspec.Struct, frozen=True):
    key: str


class _Entity(msgspec.Struct, frozen=True):
    bucket: _Name
    object: _Key


class _Record(msgspec.Struct, frozen=True, rename={"event_version": "eventVersion"}):
    event_version: str
    s3: _Entity


class _Notification(msgspec.Struct, frozen=True, rename="pascal"):
    records: list[_Record] | None = None
    event: str | None = None
    type: str | None = None
    message: str | None = None
    subscribe_u_r_l: str | None = msgspec.field(default=None, name="SubscribeURL")


@dataclass(frozen=True, slots=True)
class NamedObject:
    """Object that an event names. Services differ in how they encode keys, so there may be two readings."""

    bucket_name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notification:
    """Content of a notification.

    Attributes:
        objects: objects of its events.
        subscription_url: URL that confirms a subscription of Amazon SNS, or `None`.
    """

    objects: tuple[NamedObject, ...] = ()
    subscription_url: str | None = None


def parse_notification(body: bytes) -> Notification:
    """Parse the body of a notification.

    Raises:
        InvalidRequest: it is no notification of S3, or of a version that is not known.
    """
    found = _decoded(body, "body")
    if found.type == "SubscriptionConfirmation":
        return Notification(subscription_url=found.subscribe_u_r_l)
    if found.type == "Notification" and found.message is not None:
        found = _decoded(found.message.encode(errors="replace"), "Message")
    if found.records is None:
        if found.event == "s3:TestEvent":
            return Notification()
        raise InvalidRequest(FieldProblem("Records", "is required"))
    for number, record in enumerate(found.records):
        if not record.event_version.startswith(_VERSION):
            version = record.event_version[:20]
            reason = f"must be 2.x, but is {version!r}. Have the storage send notifications of version 2"
            raise InvalidRequest(FieldProblem(f"Records[{number}].eventVersion", reason))
    return Notification(tuple(_object(record) for record in found.records))


def _decoded(body: bytes, field: str) -> _Notification:
    try:
        return msgspec.json.decode(body, type=_Notification)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(FieldProblem(field, f"is no notification of S3: {error}")) from error


def _object(record: _Record) -> NamedObject:
    plain = record.s3.object.key
    # AWS and MinIO encode keys as in a query, and Ceph does not. A key that does not exist is looked at in vain.
    readings = dict.fromkeys((unquote_plus(plain, errors="replace"), plain))
    return NamedObject(record.s3.bucket.name, tuple(key for key in readings if key_problem(key) is None))

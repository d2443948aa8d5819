"""Notifications of AWS, MinIO, Ceph and Amazon SNS, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scenedex.watches.notifications import parse_notification
from scenedex.wire.errors import InvalidRequest


def record(key: str, version: str = "2.1", bucket: str = "films") -> dict[str, Any]:
    return {
        "eventVersion": version,
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 7, "eTag": "e", "sequencer": "0A"}},
    }


def names(notification: object) -> list[tuple[str, tuple[str, ...]]]:
    found = parse_notification(json.dumps(notification).encode())
    return [(one.bucket_name, one.keys) for one in found.objects]


def test_a_key_has_the_readings_of_all_services() -> None:
    assert names({"Records": [record("a+b%20c.mp4")]}) == [("films", ("a b c.mp4", "a+b%20c.mp4"))]
    assert names({"Records": [record("clips/a.mp4")]}) == [("films", ("clips/a.mp4",))]
    assert names({"Records": [record("%ED%95%98.mp4")]}) == [("films", ("하.mp4", "%ED%95%98.mp4"))]


def test_the_envelopes_of_minio_and_sns_are_opened() -> None:
    inner = {"Records": [record("a.mp4")]}

    assert names({"EventName": "s3:ObjectCreated:Put", "Key": "films/a.mp4", **inner}) == [("films", ("a.mp4",))]
    assert names({"Type": "Notification", "Message": json.dumps(inner)}) == [("films", ("a.mp4",))]
    assert names({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "films"}) == []
    assert names({"Records": []}) == []


def test_a_subscription_offers_its_url() -> None:
    body = json.dumps({"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.example/confirm"}).encode()

    assert parse_notification(body).subscription_url == "https://sns.example/confirm"


def test_a_key_that_no_object_has_is_left_out() -> None:
    assert names({"Records": [record("a/../b.mp4"), record("a%2F..%2Fb.mp4"), record("")]}) == [
        ("films", ()),
        ("films", ("a%2F..%2Fb.mp4",)),
        ("films", ()),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"\xff", "body"),
        (b"[1]", "body"),
        (b"{}", "Records"),
        (b'{"Records": {}}', "body"),
        (b'{"Records": [{}]}', "body"),
        (b'{"Records": [{"eventVersion": "2.1", "s3": {"bucket": {"name": "x"}}}]}', "body"),
        (json.dumps({"Records": [record("a"), record("a", "3.0")]}).encode(), "Records[1].eventVersion"),
        (b'{"Type": "Notification", "Message": "no JSON"}', "Message"),
        (b"[" * 100_000, "body"),
    ],
)
def test_what_is_no_notification_is_refused_by_its_field(body: bytes, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_notification(body)

    assert [one.field for one in refused.value.details] == [field]

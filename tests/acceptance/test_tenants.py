"""Two tenants on one server: neither reads the objects, uploads and pictures of the other."""

from __future__ import annotations

import io
import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2
import pytest
from PIL import Image

from processes import PATIENCE_S
from scenedex.wire.parsing import check_workspace_name
from signed_calls import Api, Key, result

if TYPE_CHECKING:
    from collections.abc import Generator

    from processes import Server

REFUSED = {"uploadStatus": "FILE_NOT_EXIST", "uploadResult": "No file"}


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 360), (10, 120, 200)).save(target, "PNG")
    return target.getvalue()


@dataclass(frozen=True)
class Tenant:
    """A workspace with a bucket, and an access key."""

    server: Server
    api: Api
    workspace: str
    bucket: str

    @property
    def path(self) -> str:
        return f"/api/v1/workspaces/{self.workspace}"

    def assets(self) -> str:
        projects = result(self.api("GET", f"{self.path}/projects"))["projects"]
        return f"{self.path}/projects/{projects[0]['projectId']}/assets"

    def register(self, bucket: str, key: str) -> int:
        body = {"bucketName": bucket, "key": key}
        return result(self.api("POST", f"{self.assets()}/import/object-storage", body))["assetId"]

    def imported(self, bucket: str, key: str) -> dict[str, Any]:
        """Import an object and return the end of it, without its id."""
        return self.end(self.register(bucket, key))

    def end(self, asset_id: int) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            state = result(self.api("GET", f"{self.assets()}/{asset_id}/import-status"))
            if state["uploadStatus"] != "IN_PROGRESS":
                return {name: value for name, value in state.items() if name != "assetId"}
            assert time.monotonic() < deadline, state
            time.sleep(0.05)


@dataclass(frozen=True)
class Town:
    """Two tenants, and an administrator whose key is limited to no workspace."""

    server: Server
    client: httpx2.Client
    admin: Api

    def key(self, *workspaces: str, user: str = "kim") -> Api:
        limits = [word for name in workspaces for word in ("--workspace", name)]
        made = json.loads(self.server.run("keys", "create", "--user", user, "--role", "manager", "--json", *limits))
        return Api(self.client, Key(made["accessKey"], made["secretKey"]))

    def tenant(self) -> Tenant:
        name = check_workspace_name("name", f"tenant-{secrets.token_hex(5)}")
        bucket = f"{name}-films"
        self.server.ground.fill(bucket, "clips/sky.png", picture())
        result(self.admin("POST", "/api/v1/workspaces", {"workspaceName": name, "bucketName": bucket}))
        return Tenant(self.server, self.key(name), name, bucket)


@pytest.fixture(scope="module")
def town(server: Server) -> Generator[Town]:
    with httpx2.Client(base_url=server.endpoint, timeout=60) as client:
        yield Town(server, client, Api(client, Key(*server.key())))


@pytest.fixture(scope="module")
def one(town: Town) -> Tenant:
    return town.tenant()


@pytest.fixture(scope="module")
def other(town: Town) -> Tenant:
    return town.tenant()


def managed_copy(tenant: Tenant) -> str:
    """Import a picture of a tenant and return the key of its copy in the managed bucket."""
    asset_id = tenant.register(tenant.bucket, "clips/sky.png")
    assert tenant.end(asset_id)["uploadStatus"] == "COMPLETED"
    (copy,) = tenant.server.ground.managed(f"assets/{asset_id}/")
    return copy if tenant.server.ground.managed_bucket == "managed" else f"scenedex/{copy}"


def test_a_tenant_imports_from_the_bucket_of_its_workspace_alone(one: Tenant, other: Tenant) -> None:
    assert one.imported(one.bucket, "clips/sky.png")["uploadStatus"] == "COMPLETED"
    refused = one.imported(other.bucket, "clips/sky.png")

    assert refused.items() >= REFUSED.items()
    assert refused == one.imported(one.bucket, "absent.png")
    assert refused == one.imported("absent-bucket", "clips/sky.png")
    assert refused == one.imported(other.bucket, "absent.png")


def test_a_key_without_limits_imports_from_every_bucket(town: Town, one: Tenant, other: Tenant) -> None:
    free = Tenant(town.server, town.admin, one.workspace, one.bucket)

    assert free.imported(other.bucket, "clips/sky.png")["uploadStatus"] == "COMPLETED"
    assert free.imported("absent-bucket", "sky.png") == {
        **REFUSED, "progressPercent": 0, "uploadReason": 'There is no bucket "absent-bucket".'
    }  # fmt: skip


def test_nobody_imports_from_managed_storage(town: Town, one: Tenant, other: Tenant) -> None:
    copy, managed = managed_copy(other), town.server.ground.managed_bucket
    spellings = [
        (managed, copy),
        (managed, f"/{copy}"),
        (managed, f"./{copy}"),
        (managed, copy.replace("/", "//")),
        (managed, quote(copy, safe="")),
        (one.bucket, f"../{managed}/{copy}"),
        (one.bucket, f"clips/../../{managed}/{copy}"),
        (one.bucket, f"%2e%2e/{managed}/{copy}"),
        (one.bucket, f"..%2f{managed}%2f{copy}"),
        (one.bucket, f"..\\{managed}\\{copy}"),
        (one.bucket, f"/{managed}/{copy}"),
    ]

    for caller in (one, Tenant(town.server, town.admin, one.workspace, one.bucket)):
        for bucket, key in spellings:
            assert caller.imported(bucket, key).items() >= REFUSED.items(), (bucket, key)
        for bucket in (managed.upper(), f"{managed}.", f"./{managed}", f"{one.bucket}/../{managed}", f"{managed}/x"):
            body = {"bucketName": bucket, "key": copy}
            assert caller.api("POST", f"{caller.assets()}/import/object-storage", body).status_code == 400, bucket


def test_what_an_operator_grants_is_imported_until_it_is_revoked(town: Town, one: Tenant) -> None:
    bucket = f"agency-{secrets.token_hex(5)}"
    for key in ("clips/sky.png", "clipsb/sky.png", "clips.png"):
        town.server.ground.fill(bucket, key, picture())
    asset_id = one.register(bucket, "clips/sky.png")
    assert one.end(asset_id).items() >= REFUSED.items()

    for _ in range(2):
        town.server.run("buckets", "grant", bucket, "--prefix", "clips/", "--workspace", one.workspace)
    town.server.run("jobs", "retry", f"import:{asset_id}")

    assert one.end(asset_id)["uploadStatus"] == "COMPLETED"
    for key in ("clipsb/sky.png", "clips.png", "clips/../clipsb/sky.png", "clips/%2e%2e/clipsb/sky.png"):
        assert one.imported(bucket, key).items() >= REFUSED.items(), key
    (listed,) = [
        grant
        for grant in json.loads(town.server.run("buckets", "list", "--workspace", one.workspace, "--json"))
        if not grant["isOwnBucket"]
    ]
    assert (listed["bucketName"], listed["prefix"], listed["workspaceName"]) == (bucket, "clips/", one.workspace)
    town.server.run("buckets", "revoke", bucket, "--prefix", "clips/", "--workspace", one.workspace)
    assert one.imported(bucket, "clips/sky.png").items() >= REFUSED.items()
    events = result(town.admin("GET", f"/api/v1/audit-events?pageNum=1&workspaceName={one.workspace}"))["content"]
    changes = [event for event in events if event["event"] in ("Grant Bucket", "Revoke Bucket")]
    assert [(event["event"], event["resource"]) for event in changes] == [
        ("Revoke Bucket", f"buckets/{bucket}/clips/"),
        ("Grant Bucket", f"buckets/{bucket}/clips/"),
    ]


def test_a_tenant_gains_no_bucket_with_a_workspace(town: Town, other: Tenant) -> None:
    tenant = town.tenant()
    town.server.run("buckets", "grant", "agency-films", "--workspace", tenant.workspace)
    assert tenant.api("DELETE", tenant.path).status_code == 200

    body = {"workspaceName": tenant.workspace, "bucketName": other.bucket}
    assert result(tenant.api("POST", "/api/v1/workspaces", body))["bucketName"] == other.bucket

    assert tenant.imported(other.bucket, "clips/sky.png").items() >= REFUSED.items()
    assert tenant.imported(tenant.bucket, "clips/sky.png").items() >= REFUSED.items()
    assert json.loads(town.server.run("buckets", "list", "--workspace", tenant.workspace, "--json")) == []
    town.server.run("buckets", "grant", other.bucket, "--workspace", tenant.workspace)
    assert tenant.imported(other.bucket, "clips/sky.png")["uploadStatus"] == "COMPLETED"


def test_managed_storage_is_not_the_bucket_of_a_workspace(town: Town) -> None:
    managed = town.server.ground.managed_bucket
    if managed == "managed":
        pytest.skip("local folders: managed storage is no bucket")
    body = {"workspaceName": f"tenant-{secrets.token_hex(5)}", "bucketName": managed}

    refused = town.admin("POST", "/api/v1/workspaces", body)

    assert (refused.status_code, refused.json()["code"]) == (400, "10001")
    with pytest.raises(AssertionError, match="the managed"):
        town.server.run("buckets", "grant", managed, "--workspace", town.tenant().workspace)


def test_a_tenant_does_not_complete_the_upload_of_the_other(one: Tenant, other: Tenant) -> None:
    opened = result(one.api("POST", f"{one.assets()}/uploads/presigned-url", {"assetFileName": "sky.png"}))
    assert httpx2.put(opened["presignedUploadUrl"], content=picture()).status_code == 200
    body = {"assetKey": opened["assetFileKey"]}

    stolen = other.api("POST", f"{other.assets()}/uploads/complete", body)
    absent = other.api("POST", f"{other.assets()}/uploads/complete", {"assetKey": "0" * 32})
    assert (stolen.status_code, stolen.json()) == (404, absent.json())
    for key in (f"uploads/{opened['assetFileKey']}/data", f"scenedex/uploads/{opened['assetFileKey']}/data"):
        managed = one.server.ground.managed_bucket
        assert other.imported(managed, key).items() >= REFUSED.items()
        assert one.imported(managed, key).items() >= REFUSED.items()

    done = result(one.api("POST", f"{one.assets()}/uploads/complete", body))
    assert one.end(done["assetId"])["uploadStatus"] == "COMPLETED"
    again = other.api("POST", f"{other.assets()}/uploads/complete", body)
    assert (again.status_code, again.json()) == (404, absent.json())


def test_the_url_of_an_upload_copies_no_object(one: Tenant, other: Tenant) -> None:
    managed = one.server.ground.managed_bucket
    for source in (f"/{other.bucket}/clips/sky.png", f"/{managed}/{managed_copy(other)}"):
        copying = {"x-amz-copy-source": source}
        opened = result(one.api("POST", f"{one.assets()}/uploads/presigned-url", {"assetFileName": "sky.png"}))
        httpx2.put(opened["presignedUploadUrl"], content=b"", headers=copying)
        done = result(one.api("POST", f"{one.assets()}/uploads/complete", {"assetKey": opened["assetFileKey"]}))
        # S3 refuses the request. This server takes its body, which is empty.
        assert done.get("uploadMessage") == "FILE_NOT_EXIST" or (
            one.end(done["assetId"])["uploadStatus"] == "INVALID_METADATA"
        )

        body = {"assetType": "IMAGE", "assetFileName": "sky.png"}
        place = result(one.api("POST", "/api/v1/query-assets/uploads/presigned-url", body))
        httpx2.put(place["presignedUploadUrl"], content=b"", headers=copying)
        path = "/api/v1/query-assets/uploads/complete"
        assert result(one.api("POST", path, {"assetKey": place["assetFileKey"]}))["uploadStatus"] == "FAILED"


def opened_thumbnail(tenant: Tenant) -> str:
    path = f"{tenant.path}/person-thumbnail/uploads/presigned-url"
    place = result(tenant.api("POST", path, {"thumbnailFileName": "face.png"}))
    assert httpx2.put(place["url"], content=picture()).status_code == 200
    return place["thumbnailKey"]


@pytest.mark.parametrize(
    ("below", "body"),
    [
        ("person-thumbnail/uploads/complete", {"thumbnailKey": "KEY"}),
        ("persons", {"thumbnails": [{"thumbnailKey": "KEY", "isPrimaryThumbnail": True}]}),
        ("persons/recommend-by-thumbnail", {"thumbnailKey": "KEY", "personCount": 1}),
    ],
)
def test_a_tenant_does_not_use_the_portrait_of_the_other(below: str, body: object, one: Tenant, other: Tenant) -> None:
    stolen, absent = (
        other.api("POST", f"{other.path}/{below}", json.loads(json.dumps(body).replace("KEY", key)))
        for key in (opened_thumbnail(one), "0" * 32)
    )

    assert stolen.status_code in (400, 404)
    assert (stolen.status_code, stolen.json()) == (absent.status_code, absent.json())


def search(tenant: Tenant, key: str, asset_id: int) -> httpx2.Response:
    body = {"query": {"imageQuery": key}, "filter": {"assetIds": [asset_id]}}
    return tenant.api("POST", f"{tenant.path}/assets/search", body)


def test_a_tenant_does_not_search_with_the_picture_of_the_other(town: Town, one: Tenant, other: Tenant) -> None:
    assets = {tenant.workspace: tenant.register(tenant.bucket, "clips/sky.png") for tenant in (one, other)}
    body = {"assetType": "IMAGE", "assetFileName": "sky.png"}
    place = result(one.api("POST", "/api/v1/query-assets/uploads/presigned-url", body))
    assert httpx2.put(place["presignedUploadUrl"], content=picture()).status_code == 200
    key = place["assetFileKey"]

    # Both tenants have a user of the same name.
    stolen, absent = (
        other.api("POST", "/api/v1/query-assets/uploads/complete", {"assetKey": name}) for name in (key, "0" * 32)
    )
    assert (stolen.status_code, stolen.json()) == (404, absent.json())
    assert result(one.api("POST", "/api/v1/query-assets/uploads/complete", {"assetKey": key}))["uploadStatus"] == (
        "COMPLETED"
    )

    stolen, absent = (search(other, name, assets[other.workspace]) for name in (key, "0" * 32))
    assert (stolen.status_code, stolen.json()) == (400, absent.json())
    everywhere = Tenant(town.server, town.key(user="kim"), other.workspace, other.bucket)
    assert search(everywhere, key, assets[other.workspace]).status_code == 400
    found = result(search(one, key, assets[one.workspace]))
    deadline = time.monotonic() + PATIENCE_S
    while (state := result(one.api("GET", f"{one.path}/assets/search/{found['searchId']}?pageNum=1"))["status"]) != (
        "COMPLETED"
    ):
        assert state == "RUNNING"
        assert time.monotonic() < deadline
        time.sleep(0.05)

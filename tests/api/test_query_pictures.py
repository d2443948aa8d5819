"""Pictures to search with: upload URL, single write, completion. They belong to their user, not to a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from picture_upload_samples import OF_NO_USE_TO_SEARCH_WITH, landscape, portrait
from scenedex.auth.keys import Role
from scenedex.settings import LimitSettings, RateSettings, Settings
from scenedex.worker import run_worker
from signed_calls import code

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from tests.conftest import Service, Serving, Site

    from signed_calls import Api

UPLOADS = "/api/v1/query-assets/uploads"


def ask_place(api: Api, name: object = "harbour.jpg", kind: object = "IMAGE") -> httpx2.Response:
    return api("POST", f"{UPLOADS}/presigned-url", {"assetType": kind, "assetFileName": name})


def place(api: Api, name: str = "harbour.jpg") -> dict[str, Any]:
    opened = ask_place(api, name)
    assert opened.status_code == 200, opened.text
    return opened.json()["result"]


def write(api: Api, upload: dict[str, Any], content: bytes) -> httpx2.Response:
    return api.client.put(upload["presignedUploadUrl"], content=content)


def complete(api: Api, key: str) -> httpx2.Response:
    return api("POST", f"{UPLOADS}/complete", {"assetKey": key})


def outcome(api: Api, content: bytes, name: str = "harbour.jpg") -> dict[str, Any]:
    """Upload a picture, complete it, and return the result."""
    upload = place(api, name)
    assert write(api, upload, content).status_code == 200
    done = complete(api, upload["assetFileKey"])
    assert done.status_code == 200, done.text
    return done.json()["result"]


@pytest.fixture
def alice(service: Service) -> Api:
    return service.api()


@pytest.fixture(scope="module")
def working(serving: Serving) -> Iterator[Api]:
    """A user of a service with a worker."""
    with serving(Settings(limits=LimitSettings(picture_check_seconds=60))) as service:
        worker = service.portal.start_task_soon(run_worker, service.platform)
        yield service.api()
        worker.cancel()


class TestPlace:
    def test_the_url_is_for_a_quarter_of_an_hour(self, alice: Api) -> None:
        upload = place(alice)

        assert upload.keys() == {"assetFileKey", "presignedUploadUrl", "expirationSeconds"}
        assert upload["expirationSeconds"] == 900

    @pytest.mark.parametrize("kind", ["VIDEO", "image", "", 7, None, ["IMAGE"]], ids=repr)
    def test_anything_but_an_image_is_refused(self, kind: object, alice: Api) -> None:
        answer = ask_place(alice, kind=kind)

        assert code(answer) == (400, "10001")
        assert answer.json()["responseError"]["details"][0]["field"] == "assetType"

    @pytest.mark.parametrize(("left_out", "other"), [("assetType", "assetFileName"), ("assetFileName", "assetType")])
    def test_each_field_is_required(self, left_out: str, other: str, alice: Api) -> None:
        body = {"assetType": "IMAGE", "assetFileName": "a.jpg"}

        answer = alice("POST", f"{UPLOADS}/presigned-url", {other: body[other]})

        assert code(answer) == (400, "10001")
        assert answer.json()["responseError"]["details"] == [{"field": left_out, "reason": "is required"}]

    @pytest.mark.parametrize(
        "name",
        [
            *("", " ", "a/b.jpg", "/a.jpg", "a;b.jpg", "a|b.jpg", "a`b.jpg", "a\x00.jpg", "a" * 252 + ".jpg"),
            *("harbour", "harbour.gif", "harbour.avif", "jpg", "harbour.jpg.exe", 7, None),
        ],
    )
    def test_a_file_name_out_of_bounds_is_refused(self, name: object, alice: Api) -> None:
        answer = ask_place(alice, name)

        assert code(answer) == (400, "10001")
        assert answer.json()["responseError"]["details"][0]["field"] == "assetFileName"

    @pytest.mark.parametrize(
        "name", ["a.jpg", "A.JPEG", "한글.png", "a.b.webp", "a.HEIC", "a.heif", "a" * 251 + ".jpg"]
    )
    def test_a_file_name_within_bounds_is_accepted(self, name: str, alice: Api) -> None:
        assert place(alice, name)["assetFileKey"]

    def test_the_rate_is_that_of_other_presigned_urls(self, serving: Serving) -> None:
        with serving(Settings(rates=RateSettings(presigned_per_second=1, complete_per_minute=1))) as service:
            api = service.api()
            answered = [
                api.at_once(*[("POST", f"{UPLOADS}/{call}", None)] * 5) for call in ("presigned-url", "complete")
            ]

        for answers in answered:
            assert sorted(answer.status_code for answer in answers) == [400, 429, 429, 429, 429]


class TestWriting:
    def test_a_url_is_used_once(self, alice: Api) -> None:
        upload = place(alice)
        assert write(alice, upload, b"first").status_code == 200

        assert code(write(alice, upload, b"second")) == (409, "40907")

    def test_more_than_five_megabytes_are_refused(self, alice: Api) -> None:
        upload = place(alice)

        assert code(write(alice, upload, bytes(5_000_001))) == (413, "41301")
        assert write(alice, upload, bytes(5_000_000)).status_code == 200

    def test_a_url_whose_key_has_gone_is_not_found(self, service: Service, alice: Api) -> None:
        upload = place(alice)
        service.rows("DELETE FROM pictures WHERE picture_key = %s", upload["assetFileKey"])

        assert code(write(alice, upload, b"x")) == (404, "40409")


class TestCompletion:
    @pytest.mark.parametrize(
        ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("HEIF", "a.heic")]
    )
    def test_a_picture_is_of_use(self, kind: str, name: str, working: Api) -> None:
        done = outcome(working, landscape(kind), name)

        assert (done["uploadStatus"], "uploadMessage" in done) == ("COMPLETED", False)

    def test_the_bytes_say_what_a_picture_is(self, working: Api) -> None:
        assert outcome(working, portrait("PNG"), "harbour.heic")["uploadStatus"] == "COMPLETED"

    @pytest.mark.parametrize("kind", ["text", "too small", "animated WebP", "PNG bomb"])
    def test_a_picture_of_no_use_says_why_and_goes_on_saying_so(self, kind: str, working: Api) -> None:
        make, problem = OF_NO_USE_TO_SEARCH_WITH[kind]

        done = outcome(working, make())

        assert done["uploadStatus"] == "FAILED"
        assert done["uploadMessage"].startswith(f"{problem}: ")
        assert complete(working, done["assetKey"]).json()["result"] == done

    def test_completing_again_and_at_once_gives_the_same_outcome(self, working: Api) -> None:
        upload = place(working)
        write(working, upload, landscape())
        call = ("POST", f"{UPLOADS}/complete", {"assetKey": upload["assetFileKey"]})

        answers = {answer.text for answer in [*working.at_once(*[call] * 5), working(*call)]}

        assert len(answers) == 1
        assert "COMPLETED" in answers.pop()

    def test_without_a_file_there_is_nothing_to_check_until_it_comes(self, working: Api) -> None:
        upload = place(working)
        key = upload["assetFileKey"]

        early = complete(working, key).json()["result"]
        write(working, upload, landscape())

        assert early == {"assetKey": key, "uploadStatus": "FAILED", "uploadMessage": "FILE_NOT_EXIST"}
        assert complete(working, key).json()["result"]["uploadStatus"] == "COMPLETED"

    def test_a_file_that_the_storage_let_through_although_it_is_too_large(self, service: Service, alice: Api) -> None:
        key = place(alice)["assetFileKey"]
        managed = service.platform.managed
        service.run(lambda: managed.put(f"pictures/{key}/data", bytes(5_000_001), "image/jpeg"))

        done = complete(alice, key).json()["result"]

        assert done["uploadMessage"] == "FILE_TOO_LARGE: the file has 5000001 bytes, at most 5000000 may be uploaded"

    def test_without_a_worker_the_call_may_be_made_again(self, serving: Serving) -> None:
        with serving(Settings(limits=LimitSettings(picture_check_seconds=0.2))) as service:
            api = service.api()
            upload = place(api)
            write(api, upload, landscape())
            first, second = (complete(api, upload["assetFileKey"]) for _ in range(2))
            jobs = service.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'picture'")

        assert [(answer.status_code, answer.json()["error"]["errorCode"]) for answer in (first, second)] == [
            (504, "510"),
            (504, "510"),
        ]
        assert jobs == [(1,)]

    @pytest.mark.parametrize("key", ["", "none", "a" * 5000, "a\x00b", "../x"])
    def test_an_unknown_key_is_not_found(self, key: str, alice: Api) -> None:
        assert code(complete(alice, key)) == (404, "40409")

    @pytest.mark.parametrize("key", [7, None, ["a"]], ids=repr)
    def test_what_is_no_key_is_refused(self, key: Any, alice: Api) -> None:
        assert code(complete(alice, key)) == (400, "10001")

    def test_a_key_whose_time_is_over_is_not_found(self, service: Service, alice: Api) -> None:
        upload = place(alice)
        key = upload["assetFileKey"]
        write(alice, upload, landscape())
        service.rows("UPDATE pictures SET expires_time = now() - interval '1 second' WHERE picture_key = %s", key)

        assert code(complete(alice, key)) == (404, "40409")

    def test_the_key_of_a_portrait_is_not_found(self, site: Site) -> None:
        body = {"thumbnailFileName": "a.jpg"}
        opened = site.api("POST", f"{site.path}/person-thumbnail/uploads/presigned-url", body)

        assert code(complete(site.api, opened.json()["result"]["thumbnailKey"])) == (404, "40409")


class TestUsers:
    def test_a_key_of_another_user_is_not_found(self, service: Service, alice: Api) -> None:
        upload = place(alice)
        write(alice, upload, landscape())

        assert code(complete(service.api(user="bob"), upload["assetFileKey"])) == (404, "40409")

    def test_a_user_may_use_several_access_keys(self, service: Service, alice: Api) -> None:
        key = place(alice)["assetFileKey"]

        done = complete(service.api(), key).json()["result"]

        assert done == {"assetKey": key, "uploadStatus": "FAILED", "uploadMessage": "FILE_NOT_EXIST"}

    @pytest.mark.parametrize("workspaces", [(), ("some-workspace",)], ids=["all workspaces", "one workspace"])
    def test_a_key_that_may_only_read_may_upload_what_it_searches_with(
        self, workspaces: tuple[str, ...], service: Service
    ) -> None:
        viewer = service.api(Role.VIEWER, *workspaces)
        upload = place(viewer)

        assert write(viewer, upload, b"x").status_code == 200
        assert complete(viewer, "none").status_code == 404

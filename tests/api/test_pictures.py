"""Pictures of persons: upload URL, single write, completion, and use of the key for a day."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from picture_upload_samples import OF_NO_USE, portrait
from scenedex.auth.keys import Role
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.service import checked_picture
from scenedex.settings import LimitSettings, Settings
from scenedex.worker import run_worker
from signed_calls import code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2
    from tests.conftest import Service, Serving, Site

    from signed_calls import Api

UPLOADS = "/person-thumbnail/uploads"


def place(site: Site, name: str = "portrait.jpg", api: Api | None = None) -> dict[str, Any]:
    opened = (api or site.api)("POST", f"{site.path}{UPLOADS}/presigned-url", {"thumbnailFileName": name})
    assert opened.status_code == 200, opened.text
    return opened.json()["result"]


def write(site: Site, upload: dict[str, Any], content: bytes) -> httpx2.Response:
    return site.service.client.put(upload["url"], content=content)


def complete(site: Site, upload: dict[str, Any], path: str = f"{UPLOADS}/complete") -> httpx2.Response:
    return site.api("POST", site.path + path, {"thumbnailKey": upload["thumbnailKey"]})


def outcome(site: Site, content: bytes, name: str = "portrait.jpg") -> dict[str, Any]:
    """Upload a picture, complete it, and return the result."""
    upload = place(site, name)
    assert write(site, upload, content).status_code == 200
    done = complete(site, upload)
    assert done.status_code == 200, done.text
    assert done.json()["result"]["thumbnailKey"] == upload["thumbnailKey"]
    return done.json()["result"]


@pytest.fixture(scope="module")
def working(serving: Serving) -> Iterator[Service]:
    """A service with a worker."""
    with serving(Settings(limits=LimitSettings(picture_check_seconds=60))) as service:
        worker = service.portal.start_task_soon(run_worker, service.platform)
        yield service
        worker.cancel()


@pytest.fixture(scope="module")
def desk(working: Service, new_site: Callable[[Service], Site]) -> Site:
    return new_site(working)


@pytest.fixture(scope="module")
def idle(serving: Serving, new_site: Callable[[Service], Site]) -> Iterator[Site]:
    """A workspace of a service without a worker, which soon stops waiting for one."""
    with serving(Settings(limits=LimitSettings(picture_check_seconds=0.2))) as service:
        yield new_site(service)


class TestPlace:
    def test_the_url_is_for_a_quarter_of_an_hour(self, site: Site) -> None:
        upload = place(site)

        assert upload.keys() == {"thumbnailKey", "url", "expirationSeconds"}
        assert upload["expirationSeconds"] == 900

    @pytest.mark.parametrize(
        "name",
        [
            *("", " ", "a/b.jpg", "a;b.jpg", "a|b.jpg", "a`b.jpg", "a\x00.jpg", "a" * 252 + ".jpg"),
            *("portrait", "portrait.gif", "portrait.heic", "jpg", "portrait.jpg.exe", 7, None),
        ],
    )
    def test_a_file_name_out_of_bounds_is_refused(self, name: object, site: Site) -> None:
        answer = site.api("POST", f"{site.path}{UPLOADS}/presigned-url", {"thumbnailFileName": name})

        assert code(answer) == (400, "10001")
        assert answer.json()["responseError"]["details"][0]["field"] == "thumbnailFileName"

    @pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "한글.png", "a.b.webp", "a" * 251 + ".jpg"])
    def test_a_file_name_within_bounds_is_accepted(self, name: str, site: Site) -> None:
        assert place(site, name)["thumbnailKey"]

    def test_a_key_that_may_only_read_is_refused(self, site: Site) -> None:
        viewer = site.service.api(Role.VIEWER)

        answer = viewer("POST", f"{site.path}{UPLOADS}/presigned-url", {"thumbnailFileName": "a.jpg"})

        assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "210")

    def test_an_unknown_workspace_is_not_found(self, site: Site) -> None:
        body = {"thumbnailFileName": "a.jpg"}

        assert code(site.api("POST", f"/api/v1/workspaces/nowhere{UPLOADS}/presigned-url", body)) == (404, "40401")


class TestWriting:
    def test_a_url_is_used_once(self, site: Site) -> None:
        upload = place(site)
        write(site, upload, b"first")

        assert code(write(site, upload, b"second")) == (409, "40907")

    def test_six_megabytes_are_refused(self, site: Site) -> None:
        upload = place(site)

        assert code(write(site, upload, bytes(6_000_000))) == (413, "41301")
        assert code(site.service.client.put(upload["url"], content=iter([bytes(3_000_000)] * 2))) == (413, "41301")

    def test_a_file_over_the_limit_may_be_followed_by_one_that_is_not(self, site: Site) -> None:
        upload = place(site)
        write(site, upload, bytes(6_000_000))

        assert write(site, upload, bytes(5_000_000)).status_code == 200

    def test_a_url_is_for_its_own_picture(self, site: Site) -> None:
        one, other = place(site), place(site)
        url = one["url"].replace(one["thumbnailKey"], other["thumbnailKey"])

        assert code(site.service.client.put(url, content=b"x")) == (403, "40301")

    def test_a_url_whose_key_has_gone_is_not_found(self, site: Site) -> None:
        upload = place(site)
        site.service.rows("DELETE FROM pictures WHERE picture_key = %s", upload["thumbnailKey"])

        assert code(write(site, upload, b"x")) == (404, "40409")


class TestCompletion:
    @pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")])
    def test_a_picture_of_one_face_is_of_use(self, kind: str, name: str, desk: Site) -> None:
        done = outcome(desk, portrait(kind), name)

        assert (done["uploadStatus"], "uploadMessage" in done) == ("COMPLETED", False)
        self._require_usable(desk, done["thumbnailKey"])

    def test_the_bytes_say_what_a_picture_is(self, desk: Site) -> None:
        assert outcome(desk, portrait("PNG"), "portrait.jpg")["uploadStatus"] == "COMPLETED"

    @pytest.mark.parametrize("kind", ["text", "too small", "two faces"])
    def test_a_picture_of_no_use_says_why_and_goes_on_saying_so(self, kind: str, desk: Site) -> None:
        make, problem = OF_NO_USE[kind]

        done = outcome(desk, make())

        assert done["uploadStatus"] == "FAILED"
        assert done["uploadMessage"].startswith(f"{problem}: ")
        assert complete(desk, done).json()["result"] == done

    def test_completing_again_and_at_once_gives_the_same_outcome(self, desk: Site) -> None:
        upload = place(desk)
        write(desk, upload, portrait())
        call = ("POST", f"{desk.path}{UPLOADS}/complete", {"thumbnailKey": upload["thumbnailKey"]})

        answers = {answer.text for answer in [*desk.api.at_once(*[call] * 5), desk.api(*call)]}

        assert len(answers) == 1
        assert "COMPLETED" in answers.pop()

    def test_the_older_paths_do_the_same(self, desk: Site) -> None:
        opened = desk.api("POST", f"{desk.path}/person-thumbnail/presign", {"thumbnailFileName": "a.jpg"})
        upload = opened.json()["result"]
        write(desk, upload, portrait())

        done = complete(desk, upload, "/person-thumbnail/complete").json()["result"]

        assert done == {"thumbnailKey": upload["thumbnailKey"], "uploadStatus": "COMPLETED"}

    def test_without_a_file_there_is_nothing_to_check_until_it_comes(self, desk: Site) -> None:
        upload = place(desk)

        early = complete(desk, upload).json()["result"]
        write(desk, upload, portrait())

        assert (early["uploadStatus"], early["uploadMessage"]) == ("FAILED", "FILE_NOT_EXIST")
        assert complete(desk, upload).json()["result"]["uploadStatus"] == "COMPLETED"

    def test_a_file_that_the_storage_let_through_although_it_is_too_large(self, site: Site) -> None:
        upload = place(site)
        managed = site.service.platform.managed
        key = f"pictures/{upload['thumbnailKey']}/data"
        site.service.run(lambda: managed.put(key, bytes(5_000_001), "image/jpeg"))

        done = complete(site, upload).json()["result"]

        assert done["uploadMessage"] == ("FILE_TOO_LARGE: the file has 5000001 bytes, at most 5000000 may be uploaded")

    def test_without_a_worker_the_call_may_be_made_again(self, idle: Site) -> None:
        upload = place(idle)
        write(idle, upload, portrait())

        first, second = complete(idle, upload), complete(idle, upload)

        assert [answer.json()["error"]["errorCode"] for answer in (first, second)] == ["510", "510"]
        assert (first.status_code, "Call again" in first.json()["error"]["details"]) == (504, True)
        assert idle.service.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'picture'") == [(1,)]

    def test_an_outcome_that_came_late_is_kept(self, idle: Site) -> None:
        upload = place(idle)
        write(idle, upload, portrait())
        complete(idle, upload)
        idle.service.rows(
            "UPDATE pictures SET state = 'FAILED', message = 'NO_FACE: none' WHERE picture_key = %s",
            upload["thumbnailKey"],
        )

        assert complete(idle, upload).json()["result"]["uploadMessage"] == "NO_FACE: none"

    def test_waiting_holds_no_connection(self, serving: Serving, new_site: Callable[[Service], Site]) -> None:
        with serving(Settings(limits=LimitSettings(picture_check_seconds=1))) as service:
            site = new_site(service)
            uploads = [place(site) for _ in range(20)]
            for upload in uploads:
                write(site, upload, b"x")
            calls = [
                ("POST", f"{site.path}{UPLOADS}/complete", {"thumbnailKey": upload["thumbnailKey"]})
                for upload in uploads
            ]
            began = time.monotonic()
            answers = site.api.at_once(*calls)

        assert {answer.status_code for answer in answers} == {504}
        assert time.monotonic() - began < 10

    @pytest.mark.parametrize("key", ["", "none", "a" * 5000, "a\x00b", "../x"])
    def test_an_unknown_key_is_not_found(self, key: str, site: Site) -> None:
        assert code(complete(site, {"thumbnailKey": key})) == (404, "40409")

    def test_a_key_of_another_workspace_is_not_found(
        self, site: Site, service: Service, new_site: Callable[[Service], Site]
    ) -> None:
        upload, other = place(site), new_site(service)

        assert code(complete(other, upload)) == (404, "40409")

    def test_a_key_whose_time_is_over_is_not_found(self, site: Site) -> None:
        upload = place(site)
        write(site, upload, portrait())
        site.service.rows(
            "UPDATE pictures SET expires_time = now() - interval '1 second' WHERE picture_key = %s",
            upload["thumbnailKey"],
        )

        assert code(complete(site, upload)) == (404, "40409")

    def test_a_key_is_for_its_own_purpose(self, site: Site) -> None:
        body = {"assetType": "IMAGE", "assetFileName": "a.jpg"}
        opened = site.api("POST", "/api/v1/query-assets/uploads/presigned-url", body).json()["result"]

        assert code(complete(site, {"thumbnailKey": opened["assetFileKey"]})) == (404, "40409")

    @staticmethod
    def _require_usable(site: Site, key: str) -> None:
        ((workspace,),) = site.service.rows("SELECT workspace_id FROM pictures WHERE picture_key = %s", key)
        purpose = PicturePurpose.PERSON_THUMBNAIL
        picture = site.service.transact(lambda tx: checked_picture(tx, workspace, key, purpose, "thumbnailKey"))
        assert (picture.key, len(picture.faces)) == (key, 1)

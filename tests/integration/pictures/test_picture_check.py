"""Check of an uploaded picture by a worker, in a process of its own."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from picture_upload_samples import OF_NO_USE, crowd, encoded, portrait, sideways_portrait
from real_speech import real_file
from scenedex.engines.engine import EngineChoice
from scenedex.jobs.errors import GivenUp
from scenedex.media.errors import ChildFailed
from scenedex.pictures import queries
from scenedex.pictures.records import CheckedPicture, PicturePurpose
from scenedex.pictures.service import checked_picture
from scenedex.settings import EngineSettings
from scenedex.storage.errors import KeysRefused
from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from picture_upload_desk import Desk
    from scenedex.pictures.records import PictureClaim
    from scenedex.storage.objects import ObjectInfo


def usable(desk: Desk, key: str) -> CheckedPicture:
    workspace, purpose = desk.workspace_id(key), PicturePurpose.PERSON_THUMBNAIL
    return desk.service.transact(lambda tx: checked_picture(tx, workspace, key, purpose, "thumbnailKey"))


def vector(picture: CheckedPicture) -> NDArray[np.float64]:
    return np.array(picture.faces[0].embedding.strip("[]").split(","), dtype=np.float64)


def kept(desk: Desk, picture: CheckedPicture) -> Image.Image:
    managed = desk.service.platform.managed
    return Image.open(io.BytesIO(desk.service.run(lambda: managed.get(picture.object_key, max_bytes=10**7))))


def claimed(desk: Desk, picture_id: int) -> PictureClaim:
    claim = desk.service.transact(lambda tx: queries.claim(tx, picture_id))
    assert claim is not None
    return claim


@pytest.mark.parametrize(("make", "problem"), OF_NO_USE.values(), ids=OF_NO_USE)
def test_a_picture_of_no_use_says_why(make: Callable[[], bytes], problem: str, desk: Desk) -> None:
    done = desk.outcome(make())

    assert done["uploadStatus"] == "FAILED"
    assert done["uploadMessage"].startswith(f"{problem}: ")
    assert desk.objects(done["thumbnailKey"]) == []


def test_what_is_kept_is_upright_small_and_without_metadata(desk: Desk) -> None:
    done = desk.outcome(sideways_portrait())

    picture = usable(desk, done["thumbnailKey"])
    image = kept(desk, picture)
    assert (done["uploadStatus"], image.format, image.size) == ("COMPLETED", "JPEG", (878, 1024))
    assert (len(image.getexif()), "comment" in image.info) == (0, False)
    assert desk.objects(done["thumbnailKey"]) == [picture.object_key]
    assert list((desk.service.platform.settings.data_dir / "work").glob("picture-*")) == []


def test_one_face_is_described_for_comparison(desk: Desk) -> None:
    face = usable(desk, desk.outcome(portrait())["thumbnailKey"]).faces[0]

    assert face.engine == "dlib-resnet 3 dlib-resnet-v1"
    assert 0 < face.quality <= 1
    assert len(face.embedding.split(",")) == 128


def test_a_face_in_the_background_does_not_count(desk: Desk) -> None:
    picture = Image.new("RGB", (900, 600), (70, 75, 82))
    picture.paste(Image.open(io.BytesIO(portrait(side=600))), (0, 0))
    picture.paste(Image.open(io.BytesIO(portrait(side=180, person=1))), (700, 0))

    done = desk.outcome(encoded(picture))

    assert done["uploadStatus"] == "COMPLETED"
    assert re.fullmatch(
        r"taken was the largest face, \d+x\d+ at \(\d+, \d+\)\. 1 smaller face does not count", done["uploadMessage"]
    )
    assert desk.outcome(portrait()).get("uploadMessage") is None


def test_the_places_of_several_faces_are_named(desk: Desk) -> None:
    message = desk.outcome(crowd())["uploadMessage"]

    assert re.search(
        r"2 faces, exactly one is needed\. Crop it to one of them: (\d+x\d+ at \(\d+, \d+\)(, )?){2}", message
    )


def test_real_portraits_of_one_person_are_more_alike_than_those_of_two(desk: Desk) -> None:
    files = [real_file(name) for name in ("obama.jpg", "obama2.jpg", "biden.jpg")]

    obama, obama2, biden = (vector(usable(desk, desk.outcome(file.read_bytes())["thumbnailKey"])) for file in files)

    assert obama @ obama2 > 0.54 > max(obama @ biden, obama2 @ biden)


def test_a_check_that_is_over_is_not_run_again(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    desk.check(picture_id)
    first = usable(desk, key)

    desk.check(picture_id)

    assert (usable(desk, key), desk.objects(key)) == (first, [first.object_key])


def test_a_picture_that_is_gone_is_not_checked(desk: Desk) -> None:
    _, picture_id = desk.waiting(portrait())
    desk.service.rows("DELETE FROM pictures WHERE picture_id = %s", picture_id)

    desk.check(picture_id)


def test_of_two_workers_the_later_one_counts(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    former, later = claimed(desk, picture_id), claimed(desk, picture_id)

    picture = CheckedPicture(key, f"pictures/{key}/x", (), ())
    is_kept = [
        desk.service.transact(lambda tx, claim=claim: queries.complete(tx, claim, picture)) for claim in (former, later)
    ]

    assert is_kept == [False, True]
    assert desk.service.transact(lambda tx: queries.fail(tx, former, "NO_FACE")) is False


def test_a_try_that_is_given_back_does_not_count(desk: Desk) -> None:
    _, picture_id = desk.waiting(portrait())
    claim = claimed(desk, picture_id)
    desk.service.transact(lambda tx: queries.release(tx, claim))

    assert claimed(desk, picture_id).tries == 1


def test_a_file_that_fails_its_process_twice_is_given_up(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    unknown = EngineChoice("no-such-engine", "1")
    handler = desk.checking(faces=lambda: unknown)

    with pytest.raises(ChildFailed):
        desk.check(picture_id, handler)
    with pytest.raises(GivenUp):
        desk.check(picture_id, handler)

    assert desk.ask(key)["uploadMessage"].startswith("CHECK_FAILED: no engine of faces here is no-such-engine 1")


class LockedStore(LocalStore):
    """A store that no longer accepts its keys."""

    async def head(self, key: str) -> ObjectInfo:
        raise KeysRefused(key)


def test_a_check_whose_storage_refuses_the_keys_is_given_up_with_that_reason(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    handler = desk.checking(managed=LockedStore(desk.service.platform.settings.data_dir / "managed"))

    for _ in range(2):
        with pytest.raises(KeysRefused):
            desk.check(picture_id, handler)
    with pytest.raises(GivenUp):
        desk.check(picture_id, handler)

    assert desk.ask(key)["uploadMessage"].startswith("CHECK_FAILED: the storage does not accept the keys")


def test_a_check_that_kills_its_workers_is_given_up(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    for _ in range(3):
        claimed(desk, picture_id)

    with pytest.raises(GivenUp):
        desk.check(picture_id)

    assert "3 tries did not end. " in desk.ask(key)["uploadMessage"]


def test_without_an_engine_of_faces_it_says_what_would_change_that_and_may_be_tried_again(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    settings = desk.service.platform.settings.model_copy(update={"engines": EngineSettings(faces="off")})
    desk.check(picture_id, desk.checking(settings))

    message = desk.service.rows("SELECT message FROM pictures WHERE picture_key = %s", key)[0][0]
    assert message == "NO_FACE_ENGINE: it is switched off. To enable it: SCENEDEX_ENGINES_FACES=auto"
    assert desk.ask(key) == {}
    desk.check(picture_id)
    assert desk.ask(key)["uploadStatus"] == "COMPLETED"


def test_a_file_that_vanished_may_come_again(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    managed = desk.service.platform.managed
    desk.service.run(lambda: managed.delete(f"pictures/{key}/data"))

    desk.check(picture_id)

    assert desk.ask(key) == {"thumbnailKey": key, "uploadStatus": "FAILED", "uploadMessage": "FILE_NOT_EXIST"}
    desk.service.run(lambda: managed.put(f"pictures/{key}/data", portrait(), "image/jpeg"))
    assert desk.ask(key) == {}
    desk.check(picture_id)
    assert desk.ask(key)["uploadStatus"] == "COMPLETED"


def test_a_file_that_grew_after_the_completion_is_refused(desk: Desk) -> None:
    key, picture_id = desk.waiting(portrait())
    managed = desk.service.platform.managed
    desk.service.run(lambda: managed.put(f"pictures/{key}/data", bytes(5_000_001), "image/jpeg"))

    desk.check(picture_id)

    assert desk.ask(key)["uploadMessage"].startswith("FILE_TOO_LARGE: ")

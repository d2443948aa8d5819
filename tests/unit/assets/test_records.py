from __future__ import annotations

from scenedex.assets.records import ImportStatus, managed_folder, upload_object
from scenedex.storage.names import is_managed_key

# Source: Get media asset registration status.
WORDS = {
    "IN_PROGRESS": "Upload in progress",
    "COMPLETED": "Upload completed",
    "FAILED": "Upload failed",
    "FILE_NOT_EXIST": "No file",
    "INVALID_METADATA": "Invalid file",
}


def test_there_are_the_states_of_the_vendor_s_page() -> None:
    assert {status.value: status.result for status in ImportStatus} == WORDS


def test_objects_of_assets_and_uploads_have_keys_that_the_store_takes() -> None:
    assert is_managed_key(f"{managed_folder(2**63 - 1)}/source-1")
    assert is_managed_key(upload_object("0" * 32))

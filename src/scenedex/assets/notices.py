"""Notices of assets."""

from typing import Final

from scenedex.audit.notices import NoticeType

ASSET_IMPORTED: Final = NoticeType("asset.imported", "The import of an asset has completed.")
ASSET_IMPORT_FAILED: Final = NoticeType("asset.import_failed", "The import of an asset has ended without success.")
ASSET_MOVED: Final = NoticeType("asset.moved", "An asset has been moved to another project.")
ASSET_DELETED: Final = NoticeType(
    "asset.deleted", "An asset has been deleted. Assets of a deleted project have no notice of their own."
)

NOTICE_TYPES: Final = (ASSET_IMPORTED, ASSET_IMPORT_FAILED, ASSET_MOVED, ASSET_DELETED)
"""Types of notices of assets."""

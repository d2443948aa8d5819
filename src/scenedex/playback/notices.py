"""Notices of proxies."""

from typing import Final

from scenedex.audit.notices import NoticeType

PROXY_COMPLETED: Final = NoticeType("proxy.completed", "A version of an asset that browsers play has been made.")
PROXY_FAILED: Final = NoticeType("proxy.failed", "A version of an asset that browsers play could not be made.")

NOTICE_TYPES: Final = (PROXY_COMPLETED, PROXY_FAILED)
"""Types of notices of proxies."""

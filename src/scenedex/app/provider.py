"""Assembly of the sign-in at the OpenID provider."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from scenedex.auth.openid.pending import PendingCookies
from scenedex.auth.openid.rights import GroupRights
from scenedex.auth.rates import Rate, RateLimiter
from scenedex.console.provider_sign_in import ProviderSignIn, provider_of

if TYPE_CHECKING:
    from scenedex.wiring import Platform

_PURPOSE: Final = "sign-in"


def sign_in_of(platform: Platform) -> ProviderSignIn | None:
    """Return the sign-in at the provider of the settings, or `None` if there is no provider."""
    settings = platform.settings
    provider = provider_of(settings)
    if provider is None:
        return None
    return ProviderSignIn(
        platform.database,
        provider,
        GroupRights.of_settings(settings.oidc),
        PendingCookies(platform.box.derive(_PURPOSE)),
        RateLimiter(time.monotonic),
        Rate("sign_in", settings.rates.sign_in_per_minute, 60),
        timedelta(hours=settings.auth.session_hours),
    )

"""Check of the service of a vision language model, without sending it any media."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from scenedex.settings import SummarySettings

_MAX_SECONDS = 20.0


class ModelFinding(NamedTuple):
    """State of the service, the state in words, and what to do."""

    state: Literal["ok", "warning", "error"]
    text: str
    advice: str = ""


async def check_model(address: str, settings: SummarySettings) -> ModelFinding:
    """Check that the service can be reached, accepts the key and lists the model. Only its list of models is read."""
    from scenedex.engines.summaries.vision import ChatService
    from scenedex.engines.summaries.vision.faults import CallFailed

    limits = {"call_seconds": min(settings.call_seconds, _MAX_SECONDS)}
    chat = ChatService(
        address, settings.model_copy(update=limits), asyncio.Semaphore(), lambda: datetime.now(UTC), pauses=()
    )
    try:
        models = await chat.models()
    except CallFailed as error:
        if "(404)" in str(error):
            advice = "Check that engines.addresses ends like https://HOST/v1, unless the service has no list of models"
            return ModelFinding("warning", f"{chat.name} lists no models. Key and model are not checked", advice)
        return ModelFinding("error", str(error), "Check the [summaries] settings and engines.addresses")
    wanted = settings.model
    if wanted is None and len(models) != 1:
        return ModelFinding("error", f"{chat.name} lists {len(models)} models", "Set summaries.model to the one to use")
    if wanted is not None and wanted not in models:
        listed = ", ".join(models[:5]) or "none"
        advice = f"Listed are: {listed}. Correct summaries.model, unless the service knows more names than it lists"
        return ModelFinding("warning", f"{chat.name} does not list the model {wanted}", advice)
    text = f"{chat.name} answers and lists the model {wanted or models[0]}"
    if not _is_protected(address):
        return ModelFinding("warning", f"{text}. Pictures and key are sent without encryption", "Use https://")
    return ModelFinding("ok", f"{text}. Nothing was sent to it")


def _is_protected(address: str) -> bool:
    """Return whether calls are encrypted, or stay on this machine or in a private network."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost" or "." not in host:
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False

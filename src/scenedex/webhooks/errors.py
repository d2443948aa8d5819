"""Errors of requests about webhooks."""

from scenedex.wire.errors import ServiceError


class TooManyWebhooks(ServiceError, code="40010"):
    """The workspace has the maximum number of webhooks. Delete one of them first."""


class WebhookNotFound(ServiceError, code="40430"):
    """There is no such webhook in this workspace."""


class WebhookDeliveryNotFound(ServiceError, code="40431"):
    """This webhook has no such delivery, or it was deleted after some time."""


class WebhookIsDisabled(ServiceError, code="40930"):
    """The webhook is disabled, so nothing is sent to it. Enable it first."""

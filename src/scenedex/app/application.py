"""Assembly of the application: services, routes, authentication and the OpenAPI document."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from litestar import Litestar, Request, Response, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, Tag

from scenedex import __version__, legacy
from scenedex.analysis import routes as analysis_routes
from scenedex.analysis import state_routes
from scenedex.analysis.service import Analyses, AssetAnalyses, ProjectAnalyses, WorkspaceAnalyses
from scenedex.analysis.states import AssetStates
from scenedex.app import documentation, operations
from scenedex.app.addresses import ServerAddress
from scenedex.app.metrics import ApiMetrics
from scenedex.app.openapi import DocumentPlugin
from scenedex.app.paths import EncodedSlashes
from scenedex.app.provider import sign_in_of
from scenedex.app.representations import Representations
from scenedex.app.tracing import Tracing
from scenedex.assets import link_routes, source_routes, upload_routes
from scenedex.assets import routes as asset_routes
from scenedex.assets.links import Links
from scenedex.assets.service import Assets
from scenedex.assets.source_listing import SourceListing
from scenedex.assets.uploads import Uploads
from scenedex.audit import routes as audit_routes
from scenedex.audit.actor import actor_of
from scenedex.audit.events import COMMAND_EVENTS, WORKER_EVENTS
from scenedex.audit.marks import events_of
from scenedex.audit.service import AuditLog
from scenedex.auth.keys import AccessKeys
from scenedex.auth.middleware import PUBLIC, Authentication
from scenedex.auth.openid.rights import GroupRights
from scenedex.auth.origins import SameOrigin
from scenedex.auth.rates import Rate, RateLimiter
from scenedex.auth.replays import Replays
from scenedex.auth.sessions import SessionUsers
from scenedex.console import administration_routes, page_routes, provider_routes, session_routes
from scenedex.console.administration import Administration
from scenedex.console.pages import console_page
from scenedex.console.service import ConsoleSessions
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.selection import Selected, select_engines
from scenedex.imports import routes as import_routes
from scenedex.imports.service import BulkImports
from scenedex.index import edit_routes, export_routes
from scenedex.index import routes as index_routes
from scenedex.index.confidence import ConfidenceThresholds
from scenedex.index.edits import IndexEdits
from scenedex.index.service import Indexes
from scenedex.job_control import routes as job_routes
from scenedex.job_control.workspace_jobs import WorkspaceJobs
from scenedex.persons import (
    erase_routes,
    identity_routes,
    match_routes,
    suggestion_routes,
    tag_routes,
    thumbnail_routes,
)
from scenedex.persons import routes as person_routes
from scenedex.persons.erasures import PersonErasures
from scenedex.persons.history import PersonHistories
from scenedex.persons.identity_service import Identities
from scenedex.persons.matching import Matching
from scenedex.persons.service import Persons
from scenedex.persons.suggestions import PersonSuggestions
from scenedex.persons.tags import PersonTags
from scenedex.persons.thumbnails import Portraits, Thumbnails
from scenedex.pictures import routes as picture_routes
from scenedex.pictures.uploads import PictureUploads
from scenedex.playback import routes as playback_routes
from scenedex.playback.service import Playbacks
from scenedex.projects import routes as project_routes
from scenedex.projects.service import Projects
from scenedex.questions import routes as question_routes
from scenedex.questions.service import Questions
from scenedex.search import routes as search_routes
from scenedex.search.service import Searches
from scenedex.statistics import routes as statistics_routes
from scenedex.statistics.service import Statistics
from scenedex.summaries import estimate_routes
from scenedex.summaries import routes as summary_routes
from scenedex.summaries.estimates import SummaryEstimates
from scenedex.summaries.service import Summaries, SummaryEditLock, SummaryTexts
from scenedex.summaries.use import MonthlyLimits, Prices, SummaryEngine
from scenedex.watches import event_routes
from scenedex.watches import routes as watch_routes
from scenedex.watches.intake import EventIntake
from scenedex.watches.service import Watches
from scenedex.webhooks import log_routes as webhook_log_routes
from scenedex.webhooks import routes as webhook_routes
from scenedex.webhooks.addresses import AddressPolicy, Resolver
from scenedex.webhooks.service import Webhooks
from scenedex.wire.answers import exception_handlers, unknown_route
from scenedex.wire.bodies import JsonRequest
from scenedex.wire.body_limits import BodyLimits
from scenedex.wire.parsing import WireTime
from scenedex.wire.preconditions import preconditions_of
from scenedex.wire.query_strings import require_readable_query
from scenedex.wire.routing import require_json
from scenedex.workspaces import routes as workspace_routes
from scenedex.workspaces.service import Workspaces

if TYPE_CHECKING:
    from litestar.types import ASGIApp

    from scenedex.wiring import Platform


HANDLERS = [
    *workspace_routes.routes,
    *project_routes.routes,
    *asset_routes.routes,
    *upload_routes.routes,
    *source_routes.routes,
    *import_routes.routes,
    *watch_routes.routes,
    *state_routes.routes,
    *playback_routes.routes,
    *picture_routes.routes,
    *index_routes.routes,
    *export_routes.routes,
    *edit_routes.routes,
    *match_routes.routes,
    *suggestion_routes.routes,
    *identity_routes.routes,
    *erase_routes.routes,
    *person_routes.routes,
    *tag_routes.routes,
    *thumbnail_routes.routes,
    *analysis_routes.routes,
    *summary_routes.routes,
    *estimate_routes.routes,
    *search_routes.routes,
    *question_routes.routes,
    *job_routes.routes,
    *statistics_routes.routes,
    *webhook_routes.routes,
    *webhook_log_routes.routes,
    *audit_routes.routes,
    *legacy.routes,
    *link_routes.routes,
    *event_routes.routes,
    *session_routes.routes,
    *provider_routes.routes,
    *administration_routes.routes,
    *page_routes.routes,
    *operations.routes,
    *documentation.routes,
]


def create_app(platform: Platform) -> ASGIApp:
    """Return the ASGI application of an open platform, which the caller closes."""
    metrics = ApiMetrics(platform.metrics)
    application = Litestar(
        route_handlers=HANDLERS,
        middleware=[BodyLimits(), EncodedSlashes(), _authentication(platform)],
        exception_handlers=exception_handlers(),
        dependencies=_dependencies(platform, metrics),
        guards=[require_json, require_readable_query],
        request_class=JsonRequest,
        openapi_config=_openapi(),
        request_max_body_size=platform.settings.server.max_body_bytes,
        logging_config=None,
        security=[{name: [] for name in documentation.SECURITY_SCHEMES}],
    )
    answers = Representations(application, url_seconds=platform.settings.limits.presigned_seconds)
    return Tracing(answers, metrics)


def _authentication(platform: Platform) -> Authentication:
    rates = platform.settings.rates
    tolerance_ms = platform.settings.server.clock_tolerance_seconds * 1000
    return Authentication(
        keys=AccessKeys(platform.database, platform.box),
        sessions=_session_users(platform),
        same_origin=SameOrigin(platform.settings.server.public_url),
        database=platform.database,
        limiter=RateLimiter(time.monotonic),
        rates={
            "presigned": Rate("presigned", rates.presigned_per_second, 1),
            "search": Rate("search", rates.search_per_minute, 60),
            "complete": Rate("complete", rates.complete_per_minute, 60),
            "events": Rate("events", rates.events_per_second, 1),
            "webhook": Rate("webhook", rates.webhook_per_minute, 60),
            "sign_in": Rate("sign_in", rates.sign_in_per_minute, 60),
        },
        clock=lambda: time.time_ns() // 1_000_000,
        tolerance_ms=tolerance_ms,
        replays=Replays(platform.database, tolerance_ms),
        refuses_replays=platform.settings.auth.refuse_replays,
    )


def _session_users(platform: Platform) -> SessionUsers:
    return SessionUsers(platform.database, GroupRights.of_settings(platform.settings.oidc))


def _dependencies(platform: Platform, metrics: ApiMetrics) -> dict[str, Provide]:
    settings, database, queue = platform.settings, platform.database, platform.queue
    limits, engines = settings.limits, settings.engines
    zone = ZoneInfo(settings.server.time_zone)
    life = timedelta(seconds=limits.presigned_seconds)
    portraits = Portraits(database, platform.managed)
    registry = EngineRegistry.installed()

    def this_month() -> date:
        return datetime.now(zone).date().replace(day=1)

    def summary_engine() -> SummaryEngine:
        found = select_engines(engines, settings.weights_folder, "ENKO", registry=registry)["summaries"]
        return (
            SummaryEngine(str(found.choice.engine), calls_service=found.choice.address is not None)
            if isinstance(found, Selected)
            else SummaryEngine("", calls_service=False)
        )

    listing = SourceListing(database, platform.sources, platform.managed, open_buckets=settings.storage.open_buckets)
    services: dict[str, object] = {
        "readiness": operations.readiness_of(database),
        "shared_state": operations.shared_state_of(database),
        "managed": platform.managed,
        "metrics": metrics,
        "times": WireTime(zone),
        "console": console_page(settings),
        "administration": Administration(
            database, AccessKeys(database, platform.box), _session_users(platform), settings, registry
        ),
        "engine_registry": registry,
        "console_sessions": ConsoleSessions(
            database, AccessKeys(database, platform.box), life=timedelta(hours=settings.auth.session_hours)
        ),
        "provider_sign_in": sign_in_of(platform),
        "same_origin": SameOrigin(settings.server.public_url),
        "links": Links(platform.managed, platform.box.derive("links"), life=life, clock=time.time),
        "statistics": Statistics(database, zone),
        "workspaces": Workspaces(
            database,
            WorkspaceAnalyses(queue),
            platform.sources,
            open_buckets=settings.storage.open_buckets,
            max_workspaces=limits.max_workspaces,
            this_month=this_month,
        ),
        "projects": Projects(database, ProjectAnalyses(queue), max_projects=limits.max_projects),
        "assets": Assets(database, queue, AssetAnalyses()),
        "asset_states": AssetStates(database),
        "playbacks": Playbacks(database, queue),
        "source_listing": listing,
        "bulk_imports": BulkImports(database, queue, listing),
        "watches": Watches(database, queue, listing, max_watches=settings.imports.max_watches),
        "min_watch_seconds": settings.imports.min_watch_seconds,
        "event_intake": EventIntake(database, queue),
        "uploads": Uploads(database, queue, platform.managed, life=life, max_bytes=limits.max_video_bytes),
        "picture_uploads": PictureUploads(
            database,
            queue,
            platform.managed,
            life=life,
            key_life=timedelta(seconds=limits.picture_seconds),
            max_bytes=limits.max_picture_bytes,
            patience=timedelta(seconds=limits.picture_check_seconds),
        ),
        "indexes": Indexes(
            database, ConfidenceThresholds(engines.confidence_low, engines.confidence_medium, engines.confidence_high)
        ),
        "edits": IndexEdits(database, SummaryEditLock()),
        "webhooks": Webhooks(
            database,
            platform.box,
            AddressPolicy.of(settings.webhooks),
            Resolver(),
            server=settings.server,
            max_endpoints=settings.webhooks.endpoints_of_workspace,
        ),
        "audit_log": AuditLog(database, events_of(HANDLERS) | WORKER_EVENTS | COMMAND_EVENTS),
        "matching": Matching(database, registry.face_curve),
        "identities": Identities(database),
        "person_histories": PersonHistories(database),
        "person_erasures": PersonErasures(database, queue, SummaryTexts()),
        "person_suggestions": PersonSuggestions(database),
        "persons": Persons(database, queue, portraits),
        "person_tags": PersonTags(database),
        "thumbnails": Thumbnails(database, queue, portraits),
        "searches": Searches(
            database,
            queue,
            lifetime=timedelta(seconds=settings.search.result_seconds),
            max_hits=settings.search.max_hits,
        ),
        "questions": Questions(database, queue, lifetime=timedelta(seconds=settings.search.result_seconds)),
        "workspace_jobs": WorkspaceJobs(database, queue),
        "summaries": Summaries(
            database, queue, AssetAnalyses(), engine=summary_engine, limits=MonthlyLimits.of(settings.summaries)
        ),
        "prices": Prices.of(settings.summaries),
        "summary_estimates": SummaryEstimates(database, settings.summaries, engine=summary_engine),
        "analyses": Analyses(database, queue, this_month=this_month),
    }
    provided = {name: _constant(service) for name, service in services.items()}
    provided["caller"] = Provide(_caller, sync_to_thread=False)
    provided["actor"] = Provide(actor_of, sync_to_thread=False)
    address = ServerAddress(settings.server, is_signing=settings.storage.endpoint is None)
    provided["preconditions"] = Provide(preconditions_of, sync_to_thread=False)
    provided["base_url"] = Provide(address.for_signed_urls, sync_to_thread=False)
    provided["server_url"] = Provide(address.plain, sync_to_thread=False)
    return provided


def _constant(value: object) -> Provide:
    return Provide(lambda: value, use_cache=True, sync_to_thread=False)


def _caller(request: Request[Any, Any, Any]) -> object:
    return request.scope["state"]["caller"]


def _unknown_below_schema(response: Response[Any]) -> Response[Any]:
    """Replace the framework's page for unknown paths below /schema by the answer to any unknown path."""
    if response.status_code == HTTPStatus.NOT_FOUND:
        return unknown_route()
    return response


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Scenedex",
        version=__version__,
        description=documentation.INTRODUCTION,
        openapi_router=Router(
            "/schema",
            route_handlers=[],
            include_in_schema=False,
            opt={PUBLIC: True},
            after_request=_unknown_below_schema,
        ),
        render_plugins=[DocumentPlugin(path=["/", "/openapi.json"])],
        use_handler_docstrings=True,
        tags=[Tag(name=name, description=text) for name, text in documentation.TAGS.items()],
        components=Components(security_schemes={**documentation.SECURITY_SCHEMES}),
    )

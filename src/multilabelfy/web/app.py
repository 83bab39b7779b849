"""Put the web application together: its pages, its border (who may request what, from where) and its errors."""

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from multilabelfy.web.access.access import undeclared_routes
from multilabelfy.web.access.bodies import BodyLimits
from multilabelfy.web.access.desk_thread import DeskThread
from multilabelfy.web.access.guesses import Guesses
from multilabelfy.web.access.proxies import AllowedHosts, BehindProxy
from multilabelfy.web.access.sessions import Renewals
from multilabelfy.web.access.tally import EventTally, writing_counts
from multilabelfy.web.account import own_sessions, own_settings, signing_in
from multilabelfy.web.annotate import annotate, practice
from multilabelfy.web.assets import charts, offline, pictures, static_files
from multilabelfy.web.desk import neighbours
from multilabelfy.web.language.viewer import Viewing
from multilabelfy.web.operating import health, scraping
from multilabelfy.web.operating.exchanges import Exchanges
from multilabelfy.web.operating.health import Readiness
from multilabelfy.web.operating.logs import write_down
from multilabelfy.web.operating.scraping import measuring
from multilabelfy.web.owner import annotators, backups, comments, guidelines, plan, planner, unsent_answers
from multilabelfy.web.owner import settings as settings_page
from multilabelfy.web.owner.datasets import filing, moved_pictures, new_dataset, proposing
from multilabelfy.web.owner.team import dataset_team, erasing, security_log, team
from multilabelfy.web.page.border import OriginCheck, SecurityHeaders
from multilabelfy.web.page.errors import add_error_pages
from multilabelfy.web.page.jobs.background import Background
from multilabelfy.web.refine import quick, refine, talk
from multilabelfy.web.study import by_posterior, datasets, disagreements, image, images, label, labels, overview, report
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.analysing.annotators import Reviews
from multilabelfy.workflows.analysing.planning import StudyPlans
from multilabelfy.workflows.releasing.preview import Previews
from multilabelfy.workflows.workspace import Workspace

PAGES = (
    annotate,
    refine,
    quick,
    pictures,
    signing_in,
    datasets,
    new_dataset,
    proposing,
    overview,
    practice,
    talk,
    disagreements,
    by_posterior,
    annotators,
    planner,
    images,
    image,
    labels,
    label,
    neighbours,
    comments,
    report,
    settings_page,
    filing,
    moved_pictures,
    guidelines,
    plan,
    team,
    dataset_team,
    erasing,
    security_log,
    backups,
    unsent_answers,
    own_settings,
    own_sessions,
    charts,
    static_files,
    offline,
    health,
    scraping,
)
"""Those of a desk first: an address is held against one page after another."""


def utcnow() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def create_app(workspace: Workspace, clock: Callable[[], datetime] = utcnow) -> FastAPI:
    """The application over one workspace; handlers find both as `request.app.state.workspace` and `.clock`."""
    settings = workspace.settings
    routes = [route for page in PAGES for route in declared(page.router)]
    app = FastAPI(
        title="Multilabelfy",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        routes=routes,
        lifespan=writing_counts,
    )
    app.state.workspace = workspace
    app.state.clock = clock
    app.state.renewals = Renewals()
    app.state.desk_thread = DeskThread()
    app.state.guesses = Guesses(settings.workers)
    app.state.tally = EventTally()
    app.state.analyses = Analyses(n_workers=settings.workers)
    app.state.reviews = Reviews(n_workers=settings.workers)
    app.state.plans = StudyPlans(n_workers=settings.workers)
    app.state.previews = Previews(n_workers=settings.workers)
    app.state.readiness = Readiness()
    app.state.metrics = metrics = measuring(workspace, app.state.readiness)
    app.state.background = Background(workspace, metrics.count_job) if metrics else Background(workspace)
    add_error_pages(app)
    app.add_middleware(BodyLimits, upload_bytes=int(workspace.settings.max_upload_megabytes * 1_000_000))
    app.add_middleware(Viewing)
    app.add_middleware(OriginCheck, public_url=settings.public_url)
    if settings.hosts:
        app.add_middleware(AllowedHosts, allowed_hosts=settings.hosts, www_redirect=False)
    app.add_middleware(SecurityHeaders, hsts=settings.hsts)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=1)
    app.add_middleware(BehindProxy, root_path=settings.root_path, trusted=settings.proxies)
    app.add_middleware(Exchanges, followers=(write_down, metrics.follow) if metrics else (write_down,))
    return app


def declared(router: APIRouter) -> list[BaseRoute]:
    """A page's routes; a route that does not state who may use it stops the start.

    They are taken as they are: `include_router` would build each of them anew for every application, at its first request.
    """
    undeclared = undeclared_routes(router)
    if undeclared:
        raise LookupError(f"These routes do not say who may ask: {', '.join(undeclared)}. Name a role, or say `anyone`.")
    return router.routes

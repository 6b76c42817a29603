"""For those who run it: alive, ready, and numbers."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from coach.web.services import services

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 while calls can go on by text; parts that are missing (speech) make it "degraded"."""
    parts = dict(services().health())
    down = bool(parts.get("store"))
    status = "down" if down else "degraded" if any(parts.values()) else "ok"
    return jsonify(
        status=status, parts={part: problem or "ok" for part, problem in parts.items()}
    ), 503 if down else 200


@health.get("/metrics")
def metrics() -> ResponseReturnValue:
    """For this machine only; elsewhere there is nothing at this address."""
    if request.remote_addr not in ("127.0.0.1", "::1"):
        return "", 404
    registry: CollectorRegistry = current_app.extensions["coach-metrics"]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def install_metrics(app: Flask) -> None:
    """Counts requests and their time by endpoint."""
    registry = app.extensions["coach-metrics"] = CollectorRegistry()
    requests = Counter("coach_requests_total", "Requests", ["endpoint", "status"], registry=registry)
    seconds = Histogram("coach_request_seconds", "Time to answer", ["endpoint"], registry=registry)

    @app.before_request
    def start_clock() -> None:
        g.started = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        requests.labels(endpoint, response.status_code).inc()
        if "started" in g:
            seconds.labels(endpoint).observe(perf_counter() - g.started)
        return response

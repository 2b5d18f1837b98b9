"""What a Prometheus reads of a server, and what is not at its best: counts, never a question."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime

import anyio
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.answers import Answer, Door
from assistant.assembly import REPORT, Assistant
from assistant.doors.http.line import Busy, Line
from assistant.doors.http.rates import Rates, TooMany, address
from assistant.doors.http.ready import Ready
from assistant.doors.http.streaming import HEADERS, MEDIA_TYPE
from assistant.settings import Settings
from corpus.errors import State

_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_WELL = (State.READ, State.CUT)  # what a build made of a source that gave passages

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

router = APIRouter(include_in_schema=False)


class Metrics:
    """The counts of one server since its start; a town's own once there are several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._answered = Counter(
            "assistant_questions",
            "Questions answered.",
            ("door", "outcome"),
            registry=self.registry,
        )
        self._steps = Histogram(
            "assistant_step_seconds",
            "How long each step of an answer took.",
            ("step",),
            buckets=_STEPS,
            registry=self.registry,
        )
        self._refused = Counter(
            "assistant_refused", "Questions not let in.", ("limit",), registry=self.registry
        )

    def answered(self, answer: Answer, door: Door) -> None:
        """Count an answer that was given."""
        self._answered.labels(door, answer.outcome).inc()
        for step, seconds in answer.seconds.items():
            self._steps.labels(step).observe(seconds)

    def refused(self, why: TooMany | Busy) -> None:
        """Count a question that the line, or the rate of its sender, kept out."""
        self._refused.labels("rate" if isinstance(why, TooMany) else "line").inc()


class Seen(Collector):
    """What is as it is when it is read."""

    def __init__(self, assistant: Assistant, line: Line, settings: Settings) -> None:
        self._assistant = assistant
        self._line = line
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        generation = self._assistant.retriever.generation
        built = datetime.fromisoformat(generation.about["created"]).timestamp()
        made = self._assistant.made_with
        yield _gauge("waiting", "Questions that wait for their turn.", self._line.waiting)
        yield _gauge("serving", "Questions being answered.", self._line.serving)
        yield _gauge("generation_age_seconds", "Since the index was built.", time.time() - built)
        yield _gauge(
            "degraded", "Whether the search is not at its best.", bool(generation.degraded)
        )
        yield _gauge("failed_sources", "Of the last build.", failed_sources(self._settings))
        models = {name: str(value) for name, value in made.items() if isinstance(value, str)}
        yield InfoMetricFamily("assistant_loaded", "The models, and what they are.", models)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"assistant_{name}", what, value)


def failed_sources(settings: Settings) -> int:
    """How many sources of the last build gave nothing; 0 where no build left a report."""
    try:
        told = json.loads((settings.var / REPORT).read_text(encoding="utf-8"))
        return sum(count for state, count in told["states"].items() if state not in _WELL)
    except (OSError, ValueError, KeyError, AttributeError):
        return 0


def degraded(assistant: Assistant, line: Line, rates: Rates, settings: Settings) -> Iterable[str]:
    """What is not at its best, a sentence each, for an operator."""
    if reason := assistant.retriever.generation.degraded:
        yield reason
    if assistant.journal is not None and assistant.journal.failing:
        yield "Le journal ne s'écrit pas : les réponses partent sans reçu."
    if assistant.writer is not None and assistant.writer.resting:
        yield "Le modèle qui rédige ne répond pas : des citations répondent à sa place."
    if rates.alone:
        yield "Le Redis de ASSISTANT_LIMITS ne répond pas : chaque serveur compte de son côté."
    if line.wait > line.longest:
        yield "Trop de questions attendent : les suivantes sont refusées pour quelques secondes."
    if failed := failed_sources(settings):
        yield f"{failed} source(s) n'ont rien donné à la dernière construction de l'index."


@router.get("/healthz/stream")
async def stream(request: Request) -> StreamingResponse:
    """An event at once, with what a proxy says of who asks, then one a second later.

    Whoever gets both together is behind a proxy that keeps answers back.
    """
    url, known = request.url, bool(address(request))
    seen = json.dumps({"scheme": url.scheme, "host": url.hostname, "known": known})

    async def events() -> AsyncIterator[bytes]:
        yield f"event: seen\ndata: {seen}\n\n".encode()
        await anyio.sleep(1)
        yield b"event: end\ndata: {}\n\n"

    return StreamingResponse(events(), media_type=MEDIA_TYPE, headers=HEADERS)


@router.get("/metrics")
def metrics(request: Request, assistant: Ready) -> Response:
    """For the machines of ASSISTANT_METRICS; to anyone else there is no such page."""
    if not _listed(request):
        raise HTTPException(404)
    told = generate_latest(request.app.state.metrics.registry)
    return Response(told, media_type=CONTENT_TYPE_LATEST)


def _listed(request: Request) -> bool:
    """Whether a machine of the list asks, itself: what a proxy passes on is someone else's."""
    if any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        asking = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    if asking.is_loopback and request.url.hostname not in LOOPBACK:
        return False
    listed = map(ipaddress.ip_network, request.app.state.settings.metrics)
    return any(asking in network for network in listed)

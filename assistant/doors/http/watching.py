"""What a Prometheus reads of a server, and what is not at its best: counts, never a question."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import anyio
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant import installed
from assistant.answers import Answer, Door
from assistant.assembly import REPORT, Assistant
from assistant.doors.http.crowd.line import Busy, Line
from assistant.doors.http.crowd.rates import Rates, TooMany, address
from assistant.doors.http.streaming import HEADERS, MEDIA_TYPE
from assistant.settings import Settings
from corpus.errors import State

_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_WELL = (State.READ, State.CUT)  # what a build made of a source that gave passages

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Watched:
    """A town that is served."""

    assistant: Assistant
    line: Line
    settings: Settings

    @property
    def town(self) -> str:
        """Its Insee code: what each of its figures is labelled with."""
        return self.assistant.catalogue.town.insee


class Metrics(Collector):
    """The counts of one server since its start, and how it is as they are read, town by town."""

    def __init__(self) -> None:
        self.towns: list[Watched] = []
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._answered = Counter(
            "assistant_questions",
            "Questions answered.",
            ("town", "door", "outcome"),
            registry=self.registry,
        )
        self._steps = Histogram(
            "assistant_step_seconds",
            "How long each step of an answer took.",
            ("town", "step"),
            buckets=_STEPS,
            registry=self.registry,
        )
        self._refused = Counter(
            "assistant_refused",
            "Questions not let in.",
            ("town", "limit"),
            registry=self.registry,
        )
        self.registry.register(self)

    def answered(self, town: str, answer: Answer, door: Door) -> None:
        """Count an answer that was given."""
        self._answered.labels(town, door, answer.outcome).inc()
        for step, seconds in answer.seconds.items():
            self._steps.labels(town, step).observe(seconds)

    def refused(self, town: str, why: TooMany | Busy) -> None:
        """Count a question that the line, or a rate, kept out."""
        self._refused.labels(town, "rate" if isinstance(why, TooMany) else "line").inc()

    def collect(self) -> Iterator[Metric]:
        """What is as it is when it is read."""
        yield self._gauge("waiting", "Questions that wait for their turn.", _waiting)
        yield self._gauge("serving", "Questions being answered.", _serving)
        yield self._gauge("generation_age_seconds", "Since the index was built.", _age)
        yield self._gauge("degraded", "Whether the search is not at its best.", _degraded)
        yield self._gauge("failed_sources", "Of the last build.", _failed)
        loaded = InfoMetricFamily("assistant_loaded", "What answers.", labels=("town",))
        for each in self.towns:
            made = each.assistant.made_with
            models = {name: value for name, value in made.items() if isinstance(value, str)}
            loaded.add_metric((each.town,), models)
        yield loaded

    def _gauge(self, name: str, what: str, value: Callable[[Watched], float]) -> Metric:
        found = GaugeMetricFamily(f"assistant_{name}", what, labels=("town",))
        for each in self.towns:
            found.add_metric((each.town,), value(each))
        return found


def _waiting(watched: Watched) -> float:
    return watched.line.waiting


def _serving(watched: Watched) -> float:
    return watched.line.serving


def _age(watched: Watched) -> float:
    about = watched.assistant.retriever.generation.about
    return time.time() - datetime.fromisoformat(about["created"]).timestamp()


def _degraded(watched: Watched) -> float:
    return bool(watched.assistant.retriever.generation.degraded)


def _failed(watched: Watched) -> float:
    return failed_sources(watched.settings)


class Listener(Protocol):
    """Who is told of each answer."""

    def answered(self, town: str, answer: Answer, door: Door) -> None: ...


def listener(watched: Watched, *listeners: Listener | None) -> Callable[[Answer, Door], None]:
    """What tells them all of the answers of a town; None is nobody."""

    def told(answer: Answer, door: Door) -> None:
        for each in listeners:
            if each is not None:
                each.answered(watched.town, answer, door)

    return told


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
    if assistant.published is not None and assistant.published.failing:
        yield assistant.published.failing
    if assistant.journal is not None and assistant.journal.failing:
        yield "Le journal ne s'écrit pas : les réponses partent sans reçu."
    if assistant.writer is not None and assistant.writer.resting:
        yield "Le modèle qui rédige ne répond pas : des citations répondent à sa place."
    if rates.alone:
        yield "Le Redis de ASSISTANT_LIMITS ne répond pas : chaque serveur compte de son côté."
    if line.wait > line.longest:
        yield "Trop de questions attendent : les suivantes sont refusées pour quelques secondes."
    if changed := installed.changed(installed.ours()):
        yield installed.told(changed)
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
def metrics(request: Request) -> Response:
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

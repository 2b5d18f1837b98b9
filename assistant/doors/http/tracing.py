"""The steps of each answer as OpenTelemetry spans, for a collector: how long, never what of."""

from __future__ import annotations

import time

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_span_in_context

from assistant.answers import Answer, Door
from assistant.assembly import VERSION

_NANO = 1_000_000_000


class Traces:
    """Sends them from a thread of its own, some at a time; lost when the collector is away."""

    def __init__(self, collector: str) -> None:
        """`collector`: its OTLP address (gRPC)."""
        about = Resource({"service.name": "assistant-pvd", "service.version": VERSION})
        self._provider = TracerProvider(resource=about, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(collector, insecure=collector.startswith("http://"))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("assistant")

    def answered(self, town: str, answer: Answer, door: Door) -> None:
        """Tell of an answer that has just been given: its steps are told after they ended."""
        end = time.time_ns()
        at = end - int(sum(answer.seconds.values()) * _NANO)
        about = {"town": town, "door": door, "outcome": answer.outcome, "answer": answer.id}
        whole = self._tracer.start_span("answer", start_time=at, attributes=about)
        inside = set_span_in_context(whole)
        for step, seconds in answer.seconds.items():
            span = self._tracer.start_span(step, inside, start_time=at)
            at += int(seconds * _NANO)
            span.end(at)
        whole.end(end)

    def close(self) -> None:
        """Send what waits, and stop."""
        self._provider.shutdown()

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc  # type: ignore[import-untyped]
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as messages
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as services

from assistant.assembly import Assistant
from assistant.doors.http.api import create
from assistant.settings import Settings

QUESTION = "Quand le marché de Valbourg a-t-il lieu ?"


class Collector(services.TraceServiceServicer):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def Export(self, request: Any, context: Any) -> Any:
        self.told.append(request)
        return messages.ExportTraceServiceResponse()


@contextmanager
def collecting(collector: Collector) -> Iterator[str]:
    """Where it listens."""
    server = grpc.server(ThreadPoolExecutor(1))
    services.add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop(None).wait()


def test_a_collector_is_told_the_steps_of_an_answer_and_no_question(
    assistant_settings: Settings, assistant_open: Assistant
) -> None:
    collector = Collector()
    with collecting(collector) as address:
        settings = assistant_settings.model_copy(update={"traces": address})
        with TestClient(create(settings, assistant_open)) as client:
            client.post("/api/v1/answers", json={"question": QUESTION})
    (request,) = collector.told
    (scope,) = request.resource_spans[0].scope_spans
    spans = {span.name: span for span in scope.spans}
    whole, search = spans["answer"], spans["search"]
    about = {each.key: each.value.string_value for each in whole.attributes}
    assert (about["town"], about["door"], about["outcome"]) == ("35999", "api", "answered")
    assert search.parent_span_id == whole.span_id
    assert whole.start_time_unix_nano < search.start_time_unix_nano < search.end_time_unix_nano
    assert "marché" not in str(request) and "march" not in str(request)

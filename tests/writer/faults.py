"""The faults of an upstream: those first played on LangChain's client alone, and some of our own.

Each is a script of the endpoint; those of MIDWAY first write `before` and the start of a sentence.
"""

from __future__ import annotations

import gzip

from assistant.errors import Cause

from .double import Reply, Script


def status(code: int, **headers: str) -> Script:
    def script(reply: Reply) -> None:
        reply.head(code, "application/json", **headers)
        reply.raw(b'{"error": {"message": "non", "type": "t", "code": "c"}}')

    return script


def keepalive(reply: Reply) -> None:
    reply.head()
    reply.forever(lambda: reply.raw(b": ping\n\n"), every=0.05)


def drip(reply: Reply) -> None:
    reply.head()
    reply.forever(lambda: reply.chunk("a"), every=0.05)


def no_choices(reply: Reply) -> None:
    reply.head()
    reply.event({"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": []})
    reply.event("[DONE]")


def html(reply: Reply) -> None:
    reply.head(200, "text/html")
    reply.raw(b"<html><body>Maintenance</body></html>")


def flood(reply: Reply) -> None:
    reply.head()
    for _ in range(200):
        reply.chunk("a" * 1_000_000)
    reply.end()


def compressed(reply: Reply) -> None:
    reply.head(content_encoding="gzip")
    reply.raw(gzip.compress(b"data: " + b"0" * 50_000_000 + b"\n\n"))


def slow_headers(reply: Reply) -> None:
    reply.raw(b"HTTP/1.1 200 Said\r\n")
    reply.forever(lambda: reply.raw(b"x-wait: 1\r\n"), every=0.05)


def tool(reply: Reply) -> None:
    reply.head()
    called = {"index": 0, "id": "1", "type": "function"}
    reply.chunk(tool_calls=[{**called, "function": {"name": "web", "arguments": "{}"}}])
    reply.end("tool_calls")


def nothing(reply: Reply) -> None:
    reply.head()
    reply.end()


# name -> (the script, why the writer stops). Nothing can be shown of these.
AT_ONCE: dict[str, tuple[Script, Cause]] = {
    "500": (status(500), Cause.STATUS),
    "503": (status(503), Cause.STATUS),
    "429": (status(429, retry_after="20"), Cause.LIMITED),
    "401": (status(401), Cause.DENIED),
    "hang before headers": (Reply.hang, Cause.SLOW),
    "keepalive comments": (keepalive, Cause.SLOW),
    "drip": (drip, Cause.SLOW),
    "choices: []": (no_choices, Cause.CUT),
    "HTML 200": (html, Cause.UNREADABLE),
    "empty body": (lambda reply: reply.head(), Cause.UNREADABLE),
    "200 MB": (flood, Cause.SIZE),
    "302": (status(302, location="/v1/elsewhere"), Cause.STATUS),
    # Ours
    "404": (status(404), Cause.STATUS),
    "headers that never end": (slow_headers, Cause.SLOW),
    "gzip": (compressed, Cause.SIZE),
    "tool call": (tool, Cause.CUT),
    "no words": (nothing, Cause.EMPTY),
}

# What comes after a first sentence and the start of a second.
MIDWAY: dict[str, tuple[Script, Cause]] = {
    "hang mid-stream": (Reply.hang, Cause.SILENT),
    "keepalive mid-stream": (
        lambda reply: reply.forever(lambda: reply.raw(b": ping\n\n"), every=0.05),
        Cause.SILENT,
    ),
    "cut without finish_reason": (lambda reply: None, Cause.CUT),
    "cut, but [DONE]": (lambda reply: reply.event("[DONE]"), Cause.CUT),
    "cut inside JSON": (lambda reply: reply.raw(b'data: {"id": "1", "cho'), Cause.CUT),
    "finish_reason length": (lambda reply: reply.end("length"), Cause.CUT),
    "finish_reason content_filter": (lambda reply: reply.end("content_filter"), Cause.CUT),
    "TCP reset": (Reply.reset, Cause.UNREACHABLE),
    "garbage JSON": (lambda reply: reply.event("{nonsense}"), Cause.UNREADABLE),
    "invalid UTF-8": (lambda reply: reply.raw(b"data: \xff\xfe\n\n"), Cause.UNREADABLE),
    "error event": (
        lambda reply: reply.event({"error": {"message": "surcharge", "type": "server_error"}}),
        Cause.UNREADABLE,
    ),
    "drip mid-stream": (
        lambda reply: reply.forever(lambda: reply.chunk("a"), every=0.05),
        Cause.STALLED,
    ),
    "sentences without proof": (
        lambda reply: reply.forever(lambda: reply.chunk("Oui. "), every=0.05),
        Cause.STALLED,
    ),
    "refused without end": (
        lambda reply: reply.forever(lambda: reply.chunk("Elle ferme en mai [1]. "), every=0.05),
        Cause.LONG,
    ),
    "flood mid-stream": (flood, Cause.SIZE),
}


# Those first played: 21 of an endpoint, and the day's allowance spent. What is no
# script is played by a test of its own.
NAMED = frozenset(
    {
        *("500", "503", "refused", "429", "401", "hang before headers", "hang mid-stream"),
        *("keepalive comments", "drip", "cut without finish_reason", "cut inside JSON"),
        *("finish_reason length", "choices: []", "TCP reset", "garbage JSON", "invalid UTF-8"),
        *("HTML 200", "empty body", "error event", "200 MB", "302", "budget"),
    }
)


def after(text: str, script: Script) -> Script:
    def play(reply: Reply) -> None:
        reply.head()
        reply.words(text)
        script(reply)

    return play

"""An OpenAI-compatible server of ours on loopback, that plays what a test scripts, faults too."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


class Reply:
    """What a script answers with; a method a gesture."""

    def __init__(self, handler: BaseHTTPRequestHandler, stopped: threading.Event) -> None:
        self._handler = handler
        self._stopped = stopped
        self.sent = 0
        self.left = False  # whether the client hung up before the end

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self.sent += len(data)

    def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Said", f"content-type: {kind}", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.raw("\r\n".join((*lines, "", "")).encode())

    def event(self, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        self.raw(f"data: {text}\n\n".encode())

    def chunk(self, content: str | None = None, finish: str | None = None, **delta: Any) -> None:
        if content is not None:
            delta["content"] = content
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event(
            {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "essai",
                "choices": [choice],
            }
        )

    def words(self, text: str) -> None:
        """The text in pieces of three characters, as a model's tokens cut words and marks."""
        for start in range(0, len(text), 3):
            self.chunk(text[start : start + 3])

    def end(self, finish: str = "stop") -> None:
        self.chunk(finish=finish)
        self.event("[DONE]")

    def write(self, text: str, finish: str = "stop") -> None:
        """A whole healthy answer, unless `finish` says otherwise."""
        self.head()
        self.words(text)
        self.end(finish)

    def pause(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def hang(self) -> None:
        """Say nothing until the client hangs up or the test ends."""
        while not self._stopped.is_set() and not self.left:
            readable, _, _ = select.select([self._handler.connection], [], [], 0.02)
            if readable:
                with suppress(OSError):
                    self.left = not self._handler.connection.recv(1)
                    continue
                self.left = True

    def forever(self, gesture: Callable[[], None], every: float) -> None:
        while not self._stopped.is_set():
            gesture()
            self.pause(every)

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        self._handler.wfile.flush()
        time.sleep(0.05)  # what was written is read first: a reset throws away what is not
        linger = struct.pack("ii", 1, 0)
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._handler.connection.close()


Script = Callable[[Reply], None]


class Endpoint:
    """The server: `script` is played to each request; `asked` and `replies` keep what happened."""

    def __init__(self) -> None:
        self.script: Script = lambda reply: reply.write("Bonjour [1].")
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self._stopped = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                endpoint._play(self, {})

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                endpoint._play(self, json.loads(self.rfile.read(length)))

            def log_message(self, *told: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def _play(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append(Asked(handler.path, headers, body))
        reply = Reply(handler, self._stopped)
        self.replies.append(reply)
        handler.close_connection = True
        try:
            self.script(reply)
        except (OSError, ValueError):  # the client may leave at any moment
            reply.left = True

    def stop(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def mute() -> Iterator[str]:
    """The address of a server that takes connections and never says a word, TLS or not."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/v1"


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"

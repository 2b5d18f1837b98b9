"""A real server on loopback, for tests whose client must be one too."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Where a server of `app` listens, without a final slash."""
    with running(uvicorn.Config(app, log_config=None)) as address:
        yield address


@contextmanager
def running(config: uvicorn.Config) -> Iterator[str]:
    """Where a server so configured listens, without a final slash."""
    config.port = 0
    served = uvicorn.Server(config)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    while not served.started:
        time.sleep(0.01)
    port = served.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    served.should_exit = True
    thread.join()

"""A language model at an OpenAI-compatible address, never trusted.

LangChain's client takes a truncated answer for a whole one, waits 40 s on a 429, follows a
redirect, and neither a slow drip nor 200 MB stops it (docs/decisions/writer.md). So the stream
runs on an event loop of its own, while the question's thread keeps the time and walks away.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, aclosing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import anyio
import httpx2
import openai
from anyio.from_thread import BlockingPortal, start_blocking_portal
from langchain_core.messages import BaseMessage
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from pydantic import SecretStr

from assistant.errors import Cause, ModelFailed
from assistant.writing.breaker import Allowance, Breaker
from assistant.writing.cancellation import Reader
from assistant.writing.transport import TooLarge, connect

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint may take, seconds unless said otherwise.

    `first` is the wait for the first words, `gap` between words, `shown` for something good to
    show, then for each sentence after it, `total` for the whole. An answer has at most
    `characters`, its connection `size` bytes. `at_once` questions are written at the same time,
    `daily` a day (0: no limit). After `failures` in a row nothing is asked for `rest`.

    A slow model that works is not cut by `shown`: it read the passages and wrote a first sentence
    in that time, at 5 tokens a second a further one takes about 8 s, and a refused one counts.
    """

    first: float = 8.0
    gap: float = 5.0
    shown: float = 9.5  # and its quotations leave within 10
    total: float = 30.0
    characters: int = 4000
    size: int = 2_000_000
    at_once: int = 8
    daily: int = 0
    failures: int = 3
    rest: float = 30.0


# A key that is refused stays so until someone acts; a 429 without a date is over in a moment.
_REST_DENIED = 600.0
_REST_LIMITED = 30.0
_REST_LIMITED_MOST = 60.0


class Upstream:
    """One model at one address; its connections and its event loop, until closed."""

    def __init__(self, url: str, model: str, key: SecretStr, limits: Limits) -> None:
        self.model = model
        self._limits = limits
        self._breaker = Breaker(limits.failures, limits.rest)
        self._allowance = Allowance(limits.at_once, limits.daily)
        self._client, self._chat = connect(
            url, model, key, size=limits.size, first=limits.first, total=limits.total
        )
        self._lock = threading.Lock()
        self._started: AbstractContextManager[BlockingPortal] | None = None
        self._portal: BlockingPortal | None = None
        self._closed = False

    @property
    def resting(self) -> bool:
        """Whether it failed so often that it is left alone."""
        return self._breaker.resting

    def stream(
        self,
        messages: Sequence[BaseMessage],
        progress: Callable[[], int] = lambda: 1,
        reader: Reader | None = None,
    ) -> Generator[str]:
        """What the model writes, piece by piece; the end means that it said it had finished.

        `progress` counts its sentences once something of it was good to show, 0 before: nobody
        waits long for that, nor for the next. Raises ModelFailed at the first fault, whatever was
        received before, and when `reader` leaves. Closing the iterator cancels the request.
        """
        lacking = self._allowance.take()
        if lacking is not None:
            raise ModelFailed(lacking)
        if not self._breaker.admit():
            self._allowance.release(unused=True)
            raise ModelFailed(Cause.RESTING)
        try:
            yield from self._received(messages, progress, reader or Reader())
        except ModelFailed as failure:
            if failure.cause is Cause.LEFT:
                self._breaker.abandoned()
            else:
                self._breaker.failed(failure.rest)
            if failure.cause is Cause.DENIED:
                log.error("%s refuses the key: check ASSISTANT_WRITER_KEY", self.model)
            raise
        except GeneratorExit:  # the reader has enough, and what came was good
            self._breaker.succeeded()
            raise
        else:
            self._breaker.succeeded()
        finally:
            self._allowance.release()

    def _received(
        self, messages: Sequence[BaseMessage], progress: Callable[[], int], reader: Reader
    ) -> Iterator[str]:
        """The pieces as the loop hands them over, none waited for beyond the limits."""
        arrivals: SimpleQueue[str | None | ModelFailed] = SimpleQueue()
        started = time.monotonic()
        awaited = (started + self._limits.first, Cause.SLOW)
        due = (started + self._limits.shown, Cause.SLOW)
        closing = (started + self._limits.total, Cause.LONG)
        written = sentences = 0
        try:
            task = self._loop().start_task_soon(self._ask, list(messages), arrivals.put)
        except RuntimeError:  # closed between the two
            raise ModelFailed(Cause.CLOSED) from None
        try:
            with reader.telling(lambda: arrivals.put(ModelFailed(Cause.LEFT))):
                while (arrived := _next(arrivals, *min(awaited, closing))) is not None:
                    written += len(arrived)
                    if written > self._limits.characters:
                        raise ModelFailed(Cause.SIZE)
                    yield arrived
                    now = time.monotonic()
                    if progress() > sentences:
                        sentences = progress()
                        due = (now + self._limits.shown, Cause.STALLED)
                    awaited = min((now + self._limits.gap, Cause.SILENT), due)
            if not written:
                raise ModelFailed(Cause.EMPTY)
        finally:
            task.cancel()  # never waited for: what hangs may hang on

    async def _ask(
        self, messages: list[BaseMessage], put: Callable[[str | None | ModelFailed], None]
    ) -> None:
        """Hand over each piece, then None when the model said it had finished, or the failure."""
        try:
            # Were LANGSMITH_TRACING set for another program, LangChain would send it the question.
            with anyio.fail_after(self._limits.total), tracing_context(enabled=False):
                put(await self._finish(messages, put))
        except Exception as error:  # ten classes of four modules were seen
            put(ModelFailed(Cause.CLOSED) if self._closed else _failure(error))
        except BaseException:  # the loop is stopping under a question
            put(ModelFailed(Cause.CLOSED))
            raise

    async def _finish(
        self, messages: list[BaseMessage], put: Callable[[str], None]
    ) -> ModelFailed | None:
        async with aclosing(_chunks(self._chat, messages)) as chunks:
            async for chunk in chunks:
                if chunk.text:
                    put(str(chunk.text))
                reason = chunk.response_metadata.get("finish_reason")
                if reason is not None:
                    return None if reason == "stop" else ModelFailed(Cause.CUT)
        return ModelFailed(Cause.CUT)

    def _loop(self) -> BlockingPortal:
        with self._lock:
            if self._closed:
                raise ModelFailed(Cause.CLOSED)
            if self._portal is None:
                self._started = start_blocking_portal(name="writer")
                self._portal = self._started.__enter__()
            return self._portal

    def close(self) -> None:
        """Cancel what is under way and stop the loop, for good."""
        with self._lock:
            self._closed = True
            portal, self._portal = self._portal, None
        if portal is not None and self._started is not None:
            portal.call(self._client.aclose)
            portal.call(portal.stop, True)
            self._started.__exit__(None, None, None)


def _next(arrivals: SimpleQueue[str | None | ModelFailed], limit: float, late: Cause) -> str | None:
    """The next piece, None at the end. Raises ModelFailed: `late` when the limit passes first."""
    try:
        arrived = arrivals.get(timeout=max(limit - time.monotonic(), 0.0))
    except Empty:
        raise ModelFailed(late) from None
    if isinstance(arrived, ModelFailed):
        raise arrived
    return arrived


async def _chunks(chat: ChatOpenAI, messages: list[BaseMessage]) -> AsyncGenerator[Any]:
    async for chunk in chat.astream(messages):
        yield chunk


def _failure(error: BaseException) -> ModelFailed:
    """What went wrong, told by the status of the response when there was one."""
    response = None
    cause: BaseException | None = error
    while cause is not None and response is None:
        response = getattr(cause, "response", None)
        cause = cause.__cause__
    if isinstance(response, httpx2.Response):
        return _refusal(response)
    if isinstance(error, TooLarge):
        return ModelFailed(Cause.SIZE)
    if isinstance(error, TimeoutError):
        return ModelFailed(Cause.LONG)
    if isinstance(error, openai.APIConnectionError):
        return ModelFailed(Cause.UNREACHABLE)
    return ModelFailed(Cause.UNREADABLE, detail=type(error).__name__)


def _refusal(response: httpx2.Response) -> ModelFailed:
    status = response.status_code
    if status == 429:
        after = response.headers.get("retry-after", "")
        asked = float(after) if after.isdecimal() else _REST_LIMITED
        return ModelFailed(Cause.LIMITED, rest=min(asked, _REST_LIMITED_MOST))
    if status in (401, 403):
        return ModelFailed(Cause.DENIED, rest=_REST_DENIED)
    return ModelFailed(Cause.STATUS, detail=str(status))

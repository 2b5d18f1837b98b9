"""The connections to a language model: what may leave by them, and how much may come back."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import httpx2
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

# About 4,000 characters of French: what is longer is cut by the endpoint, and shown as a fault.
_TOKENS = 1200


class TooLarge(Exception):
    """A response of more bytes than any answer needs."""


class _Counted(httpx2.AsyncByteStream):
    """A body that stops at so many bytes."""

    def __init__(self, body: httpx2.AsyncByteStream, size: int) -> None:
        self._body = body
        self._left = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            self._left -= len(piece)
            if self._left < 0:
                raise TooLarge
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


# What a request needs to say. The OpenAI client adds the platform, and the organisation, project
# and headers of any OPENAI_… variable: they are nobody's business at another address.
_SENT = frozenset(
    {"host", "accept", "content-type", "content-length", "connection", "authorization"}
)


class _Guarded(httpx2.AsyncHTTPTransport):
    """Sends what a request needs and no more; takes a plain body of at most `size` bytes."""

    def __init__(self, size: int, keyed: bool) -> None:
        super().__init__(trust_env=False)
        self._size = size
        self._sent = _SENT if keyed else _SENT - {"authorization"}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        for name in list(request.headers):
            if name.lower() not in self._sent:
                del request.headers[name]
        request.headers["user-agent"] = "assistant-pvd"
        request.headers["accept-encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise TooLarge  # 1 MB of zeros is 1 KB of gzip
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Counted(response.stream, self._size)
        return response


def connect(
    url: str, model: str, key: SecretStr, *, size: int, first: float, total: float
) -> tuple[httpx2.AsyncClient, ChatOpenAI]:
    """The LangChain chat model and the connections it uses: no retry, no redirect, no proxy."""
    logging.getLogger("openai").setLevel(logging.INFO)  # at DEBUG it tells every message
    keyed = bool(key.get_secret_value())
    # Under `first`: httpcore closes what it gave up connecting to, not what we cancelled.
    timeout = httpx2.Timeout(total, connect=first / 2)
    client = httpx2.AsyncClient(
        transport=_Guarded(size, keyed),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
    )
    chat = ChatOpenAI(
        model=model,
        base_url=url,
        api_key=key if keyed else SecretStr("-"),  # the client insists on one; it is not sent
        http_async_client=client,
        http_client=httpx2.Client(trust_env=False, follow_redirects=False),  # never used
        openai_proxy="",
        timeout=timeout,
        max_retries=0,
        temperature=0,
        stream_usage=False,
        stream_chunk_timeout=None,
        use_responses_api=False,
        # Under its own name LangChain sends max_completion_tokens, which other servers refuse.
        extra_body={"max_tokens": _TOKENS},
    )
    return client, chat

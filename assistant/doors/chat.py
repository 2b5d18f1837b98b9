"""The chat of the Vercel AI SDK (`useChat`): its messages in, its stream of parts out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from assistant.answers import Answer, Style
from assistant.doors.http.schemas import Question, Said, Turn
from assistant.doors.http.streaming import Event
from assistant.doors.openai import links
from assistant.doors.transcript import whole

# Tells the client which protocol this is.
PROTOCOL = {"x-vercel-ai-ui-message-stream": "v1"}


class UIPart(BaseModel):
    """A piece of a message; only « text » is read."""

    type: str
    text: Said = ""


class UIMessage(BaseModel):
    role: Literal["system", "user", "assistant"]
    parts: list[UIPart] = Field(max_length=100)

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if part.type == "text").strip()


class Chat(BaseModel):
    """What `useChat` sends; fields that it does not need are ignored, but for `style`."""

    messages: list[UIMessage] = Field(min_length=1, max_length=101)
    style: Style = Style.STANDARD


def asked(chat: Chat) -> Question:
    """The last message as the question, those before it as the history.

    System messages are data that nobody obeys. Raises RequestValidationError.
    """
    *before, last = [message for message in chat.messages if message.role != "system"] or [
        UIMessage(role="user", parts=[])
    ]
    history = [Turn(role=m.role, content=m.text) for m in before if m.role != "system"]
    try:
        question = last.text if last.role == "user" else ""
        return Question(question=question, history=[*history], style=chat.style)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from error


async def parts(events: AsyncIterator[Event | None]) -> AsyncIterator[bytes]:
    """An answer's events as the parts of one message: its text, a link for each source, its end."""
    yield _part("start")
    async for event in events:
        if event is None:
            yield b": ping\n\n"
        elif event[0] == "error":
            yield _part("error", errorText=event[1]["detail"])
        elif event[0] == "done":
            for part in _told(event[1]["answer"]):
                yield part
    yield b"data: [DONE]\n\n"


def _told(answer: Answer) -> list[bytes]:
    found = dict(link for citation in answer.citations for link in links(citation))
    told: Mapping[str, Any] = {"answer_id": answer.id, "outcome": answer.outcome}
    return [
        _part("text-start", id="1"),
        _part("text-delta", id="1", delta=whole(answer)),
        _part("text-end", id="1"),
        *(_part("source-url", sourceId=url, url=url, title=name) for url, name in found.items()),
        _part("finish", finishReason="stop", messageMetadata=told),
    ]


def _part(kind: str, **fields: Any) -> bytes:
    return f"data: {json.dumps({'type': kind, **fields}, ensure_ascii=False)}\n\n".encode()

"""The OpenAI-compatible door: their chat completions on the wire, our proved answers in them.

Bytes as OpenAI's own clients read them: `annotations[].url_citation` for the links, and what that
shape cannot carry (quote, passage, page) in a list of its own, `sources`.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from assistant import messages
from assistant.answers import Answer, Citation, Outcome, Style
from assistant.doors.http.problems import Refused, said, said_back
from assistant.doors.http.schemas import CitationOut, Question, Said, ValidatedOut, answer_json
from assistant.doors.http.streaming import Event
from assistant.doors.transcript import Mark, body, marked, proofs
from assistant.question.history import MAX_TURNS

MODEL = "assistant-pvd"


class ChatPart(BaseModel):
    """A piece of a message; only text is read."""

    type: str
    text: Said | None = None
    refusal: Said | None = None


class ChatMessage(BaseModel):
    """One message. Those of « system », « developer » and « tool » are data nobody obeys."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Said | list[ChatPart] | None = None


class StreamOptions(BaseModel):
    include_usage: bool | None = None


class ResponseFormat(BaseModel):
    type: str


class ChatRequest(BaseModel):
    """A conversation whose last message is the question; fields it does not know are ignored."""

    model: Said
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    response_format: ResponseFormat | None = None
    style: Style = Field(
        Style.STANDARD,
        description="Un champ de plus que ceux d'OpenAI : « plain » pour une "
        "réponse en langage simple.",
    )


class UrlCitation(BaseModel):
    """`content[start_index:end_index]` is the « [1] » that calls it; offsets count code points."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    type: Literal["url_citation"]
    url_citation: UrlCitation


class CompletionMessage(BaseModel):
    role: Literal["assistant"]
    content: str
    refusal: str | None
    annotations: list[Annotation]


class Choice(BaseModel):
    index: int
    message: CompletionMessage
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Words, since no language model counts tokens here."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """An OpenAI chat completion, and after `usage` what only this assistant says."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    sources: list[CitationOut] = Field(description="Les preuves : citation, passage, page.")
    outcome: Outcome
    language: str = Field(description="La langue de la réponse : « fr », « en » ou « br ».")
    answer_id: str = Field(description="Le numéro de la réponse, pour un avis ou un contrôle.")
    validated: ValidatedOut | None = Field(
        description="La réponse validée par la mairie qui a été donnée ; sinon null."
    )


class Model(BaseModel):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    object: Literal["list"]
    data: list[Model]


def models(town: str, created: int) -> Models:
    """The one model there is, as the town's."""
    one = Model(id=MODEL, object="model", created=created, owned_by=town)
    return Models(object="list", data=[one])


def asked(chat: ChatRequest) -> Question:
    """The question of a conversation, its last message, and the turns before it.

    Raises Refused when there is none, or when something else than one text answer is wanted.
    """
    _refuse(chat)
    spoken = [(m.role, _text(m)) for m in chat.messages if m.role in ("user", "assistant")]
    turns = [{"role": role, "content": text} for role, text in spoken if text or role == "user"]
    if not turns or turns[-1]["role"] != "user":
        raise Refused(
            'Le dernier message doit être une question, avec "role": "user".', param="messages"
        )
    *before, last = turns
    try:
        return Question.model_validate(
            {
                "question": last["content"],
                "history": before[-MAX_TURNS:],
                "style": chat.style,
            }
        )
    except ValidationError as error:
        wrong = [{**e, "loc": ("body", *e["loc"])} for e in error.errors(include_input=False)]
        raise Refused(said(wrong), param="messages") from error


def _refuse(chat: ChatRequest) -> None:
    if chat.model != MODEL:
        raise Refused(
            f"Il n'y a pas de modèle « {said_back(chat.model)} » : demandez « {MODEL} ».",
            status=404,
            param="model",
            code="model_not_found",
        )
    if chat.n is not None and chat.n != 1:
        raise Refused("L'assistant donne une seule réponse : retirez « n ».", param="n")
    if chat.response_format is not None and chat.response_format.type != "text":
        raise Refused(
            "L'assistant ne répond qu'en texte : retirez « response_format ».",
            param="response_format",
        )


_MEDIA = {"image_url": "l'image", "input_image": "l'image", "input_audio": "le son"}


def _text(message: ChatMessage) -> str:
    """What a message says, its parts one a line."""
    if not isinstance(message.content, list):
        return message.content or ""
    for part in message.content:
        if part.type not in ("text", "input_text", "refusal"):
            which = _MEDIA.get(part.type, "le fichier")
            raise Refused(
                f"L'assistant ne lit que du texte : retirez {which} de votre message.",
                param="messages",
                code="unsupported_content",
            )
    return "\n".join(part.text or part.refusal or "" for part in message.content)


def completion(answer: Answer, question: str) -> dict[str, Any]:
    """A whole answer as a chat completion."""
    content, marks = _content(answer)
    message = {
        "role": "assistant",
        "content": content,
        "refusal": None,
        "annotations": _annotations(answer, marks),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **_envelope("chat.completion"),
        "choices": [choice],
        "usage": _usage(question, content),
        **_proved(answer),
    }


async def chunks(
    events: AsyncIterator[Event | None], question: str, *, include_usage: bool
) -> AsyncIterator[bytes]:
    """An answer's events as chat completion chunks: its sentences as they come, then the rest."""
    envelope = _envelope("chat.completion.chunk") | ({"usage": None} if include_usage else {})
    yield _chunk(envelope, {"role": "assistant", "content": ""})
    introduction = sent = ""
    async for event in events:
        if event is None:
            yield b": ping\n\n"
            continue
        name, data = event
        if name == "citations" and not sent:
            introduction = data.get("introduction", "")
        elif name == "sentence":
            before = data.get("before", " ")
            if not sent:
                before = (introduction and f"{introduction}\n") + before.lstrip()
            beside = data.get("remark", "")
            piece = before + marked(data["text"], data["citations"])[0] + (beside and f" {beside}")
            sent += piece
            yield _chunk(envelope, {"content": piece})
        elif name == "error":
            yield _frame({"error": {**_FAILED, "message": data["detail"]}})
        elif name == "done":
            for piece_of_end in _ending(envelope, data["answer"], sent):
                yield piece_of_end
            if include_usage:
                usage = _usage(question, _content(data["answer"])[0])
                yield _frame({**envelope, "choices": [], "usage": usage})
            yield b"data: [DONE]\n\n"


_FAILED = {"type": "server_error", "param": None, "code": None}


def _ending(envelope: dict[str, Any], answer: Answer, sent: str) -> Iterator[bytes]:
    """What the sentences sent leave to say.

    What is sent cannot be taken back: when the answer ends otherwise than it began, it is said
    whole after a blank line.
    """
    content, marks = _content(answer)
    begun = content.startswith(sent)
    rest = content[len(sent) :] if begun else f"\n\n{content}"
    if rest:
        yield _chunk(envelope, {"content": rest})
    annotations = _annotations(answer, marks, 0 if begun else len(sent) + 2)
    if annotations:
        yield _chunk(envelope, {"annotations": annotations})
    yield _chunk(envelope | _proved(answer), {}, "stop")


def _content(answer: Answer) -> tuple[str, tuple[Mark, ...]]:
    text, marks = body(answer)
    return "\n\n".join(part for part in (text, proofs(answer)) if part), marks


def _annotations(answer: Answer, marks: Sequence[Mark], shift: int = 0) -> list[dict[str, Any]]:
    """A link for each publication behind each mark; one without an address is only named."""
    cited = {citation.number: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start + shift,
                "end_index": mark.end + shift,
                "url": url,
                "title": title,
            },
        }
        for mark in marks
        for url, title in links(cited[mark.number])
    ]


def links(citation: Citation) -> list[tuple[str, str]]:
    """The addresses that a citation leads to, each with a title."""
    titles = {s.url: f"{s.publisher} : {s.title}" for s in citation.sources}
    return [(url, titles.get(url, citation.title)) for url in messages.links(citation)]


def _envelope(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


def _proved(answer: Answer) -> dict[str, Any]:
    whole = answer_json(answer)
    return {
        "sources": whole["citations"],
        "outcome": whole["outcome"],
        "language": whole["language"],
        "answer_id": whole["id"],
        "validated": whole["validated"],
    }


def _usage(question: str, content: str) -> dict[str, int]:
    read, written = len(question.split()), len(content.split())
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }


def _chunk(envelope: dict[str, Any], delta: dict[str, Any], ended: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": ended}
    return _frame({**envelope, "choices": [choice]})


def _frame(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

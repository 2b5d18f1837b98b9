"""What travels over HTTP: the questions in, the shapes of OpenAPI out."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    field_validator,
)

from assistant.answers import Answer, Outcome, Style
from assistant.question.history import Message, messages
from assistant.question.typed import MAX_QUESTION

# Constrained, so that pydantic looks into it: a lone surrogate could not be sent back.
Said = Annotated[str, StringConstraints(strip_whitespace=True)]


class Turn(BaseModel):
    """One turn before the question."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["user", "assistant"]
    content: Said


class Question(BaseModel):
    """A question, and the turns before it, oldest first."""

    model_config = ConfigDict(extra="forbid")
    question: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)
    ]
    history: list[Turn | Said] = Field(default_factory=list, max_length=100)
    style: Style = Field(
        Style.STANDARD,
        description="« plain » : en langage simple, phrases courtes et mots expliqués.",
    )

    @field_validator("question")
    @classmethod
    def _readable(cls, value: str) -> str:
        if not any(character.isalnum() for character in value):
            raise ValueError("question_without_words")
        return value

    def turns(self) -> tuple[Message, ...]:
        """The last turns as the pipeline takes them."""
        return messages(
            [t if isinstance(t, str) else Message(t.role, t.content) for t in self.history]
        )


class SourceOut(BaseModel):
    publisher: str
    title: str
    url: str | None
    date: str
    licence: str
    nature: str


class AmendedOut(BaseModel):
    """Ce qu'un avenant change dans une convention, ou le document qui en remplace un autre."""

    document_id: str
    title: str
    date: str = Field(description="Le jour de sa signature ; vide quand il est inconnu.")
    effect: str = Field(description="remplacé, modifié, complété, supprimé ou ajouté.")
    part: str = Field(
        description="L'article, la fiche action ou l'annexe ; « document » pour un tout."
    )
    passages: list[str] = Field(description="Les passages de l'avenant qui le disent.")


class CitationOut(BaseModel):
    """`passage[start:end] == quote`; offsets count Unicode code points."""

    number: int
    kind: Literal["quotation", "summary"]
    passage_id: str
    title: str
    publisher: str
    sources: list[SourceOut]
    url: str | None
    page: int | None
    headings: list[str]
    date: str
    quote: str
    passage: str
    start: int
    end: int
    confidence: float | None = Field(
        description="Confiance de la lecture d'une page numérisée, de 0 à 1 ; sinon null."
    )
    printed: str | None = Field(
        default=None, description="Le numéro imprimé sur la page, quand il est connu."
    )
    language: str = Field(default="fr", description="La langue des mots cités.")
    superseded: list[AmendedOut] = Field(
        default_factory=list,
        description="Les avenants qui ont changé ces mots, le dernier étant en vigueur.",
    )
    amends: AmendedOut | None = Field(
        default=None, description="Ce que ces mots d'un avenant changent dans la convention."
    )


class SentenceOut(BaseModel):
    text: str
    citations: list[int]
    written: bool = Field(
        description="Rédigée par un modèle de langage et comparée aux passages cités ; sinon, mot "
        "pour mot, ou de la mairie dans une réponse validée."
    )
    language: str = Field(description="La langue de la phrase : « fr », « en » ou « br ».")
    before: str = Field(
        default=" ",
        description="Ce qui précède cette phrase dans « text », en mots et signes de l'assistant : "
        "une espace, « \\n- » devant l'élément d'une liste, une courte annonce.",
    )
    remark: str = Field(
        default="",
        description="Ce que l'assistant fait remarquer après cette phrase, en mots à lui : où en "
        "sont ses dates à ce jour, ou son âge ; vide le plus souvent.",
    )


class ContactOut(BaseModel):
    name: str
    url: str | None
    phone: str | None
    email: str | None
    address: str | None
    hours: str | None
    checked: str = Field(description="Le jour où ces renseignements ont été vérifiés.")


class ValidatedOut(BaseModel):
    """La réponse validée par la mairie qui a été donnée."""

    id: int
    version: int
    owner: str = Field(description="Le service qui en répond.")
    date: str = Field(description="Le jour où elle a été validée.")


class AnswerOut(BaseModel):
    """How a question ended."""

    id: str
    outcome: Outcome
    text: str
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    nearest: list[CitationOut] = Field(description="Passages proches, qui ne répondent pas.")
    contact: ContactOut | None
    notice: str = Field(
        description="Ce que le lecteur doit savoir de sa question : des données personnelles y ont "
        "été masquées. La fin de « text » ; vide le plus souvent."
    )
    asked: str = Field(
        description="Le message sans ses données personnelles, à montrer et à garder à sa place ; "
        "vide quand rien n'y a été masqué."
    )
    question: str = Field(
        description="La question telle qu'elle a été cherchée, sans donnée personnelle."
    )
    language: str = Field(
        description="La langue dans laquelle l'assistant parle ; une phrase citée a la sienne."
    )
    generation: str
    writer: str | None = Field(
        description="Le modèle de langage qui a rédigé des phrases ; null : tout est cité."
    )
    validated: ValidatedOut | None = Field(
        description="« Réponse validée par la mairie » : ses phrases sont les mots de la mairie, "
        "que prouvent les passages cités ; null : les phrases sont celles des documents.",
    )
    seconds: dict[str, float]


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer as every door gives it."""
    found = dataclasses.asdict(answer)
    if found["contact"] is not None:
        del found["contact"]["subjects"]  # for the town's own use
    return found


class CitedOut(BaseModel):
    number: int
    kind: Literal["quotation", "summary"]
    passage_id: str = Field(description="Où les mots se lisaient : l'index a pu changer depuis.")
    headings: list[str]
    quote: str
    page: int | None
    url: str | None
    sources: list[SourceOut]


class ReceiptOut(BaseModel):
    """An answer as it is kept, under its reference."""

    id: str
    at: str = Field(description="Le moment de la réponse, en UTC.")
    question: str = Field(description="La question, sans ses données personnelles.")
    outcome: Outcome
    language: str
    text: str
    cited: list[CitedOut]


class FeedbackIn(BaseModel):
    """What a resident thought of an answer. Closed lists: nobody can write a name here."""

    model_config = ConfigDict(extra="forbid")
    useful: StrictBool = Field(description="La réponse a-t-elle été utile ?")
    reasons: list[Literal["wrong", "incomplete", "unclear", "outdated", "beside"]] = Field(
        default_factory=list,
        max_length=5,
        description="Pourquoi : fausse, incomplète, peu claire, dépassée, à côté de la question.",
    )


class AboutOut(BaseModel):
    """Who answers, from what, and what is kept."""

    town: str
    site: str
    contact: ContactOut
    suggestions: list[str] = Field(description="Des questions pour qui ne sait pas quoi demander.")
    kept_days: int = Field(description="Combien de jours une réponse est gardée ; 0 : pas du tout.")
    generation: str = Field(description="Le numéro de l'index en service.")
    built: str = Field(description="Le moment où il a été construit.")
    version: str


class PassageOut(BaseModel):
    id: str
    document_id: str
    title: str
    publisher: str
    headings: list[str]
    text: str
    page: int | None
    printed: str | None
    confidence: float | None
    url: str | None
    scope: str
    facts: list[str]


class HitOut(BaseModel):
    passage: PassageOut
    score: float
    parts: dict[str, float] = Field(description="Ce que chaque recherche a dit, de 0 à 1.")


class HitsOut(BaseModel):
    hits: list[HitOut]
    generation: str


class NeighboursOut(BaseModel):
    """One passage between the one before it and the one after it in its document."""

    passage: PassageOut
    before: PassageOut | None
    after: PassageOut | None


class Problem(BaseModel):
    """An error as RFC 9457 has it; `detail` says in French what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    generation: str | None = None
    reason: str | None = None

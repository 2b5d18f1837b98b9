"""What the guichet calls what the journal keeps: endings, doors, reasons."""

from __future__ import annotations

from assistant.answers import Door, Outcome
from assistant.measuring.golden import Verdict
from assistant.records.answers import State

OUTCOMES = {
    Outcome.ANSWERED: "répondue",
    Outcome.PARTIAL: "répondue en partie",
    Outcome.NOT_PUBLISHED: "répondue : personne ne l’a publié",
    Outcome.FAILED_MODEL: "répondue par des citations, le modèle ayant manqué",
    Outcome.NO_PASSAGE: "sans réponse dans les documents",
    Outcome.WITHHELD_UNSUPPORTED: "réponse retenue, faute de preuve",
    Outcome.CLARIFY: "précision demandée",
    Outcome.GREETING: "salutation",
    Outcome.IDENTITY: "question sur l’assistant",
    Outcome.REFUSED_OFF_TOPIC: "hors sujet",
    Outcome.REFUSED_OPINION: "avis ou pronostic demandé",
    Outcome.REFUSED_PERSONAL_DATA: "donnée personnelle demandée",
    Outcome.REFUSED_ABUSE: "insulte ou fraude",
    Outcome.REFUSED_INSTRUCTIONS: "ordre donné à l’assistant",
    Outcome.REFUSED_PREMISE: "question qui suppose ce que rien ne dit",
    Outcome.DISTRESS: "détresse",
    Outcome.FAILED_SEARCH: "panne de la recherche",
}
DOORS = {
    Door.WIDGET: "widget d’un site",
    Door.PAGE: "page sans JavaScript",
    Door.API: "API",
    Door.OPENAI: "API d’OpenAI",
    Door.CHAT: "useChat",
    Door.MCP: "MCP",
    Door.CLI: "terminal",
    Door.GUICHET: "guichet",
    "": "inconnue (avant cette version)",
}
# As the widget offers them to residents.
REASONS = {
    "wrong": "elle est fausse",
    "incomplete": "elle est incomplète",
    "unclear": "elle n’est pas claire",
    "outdated": "elle n’est plus à jour",
    "beside": "elle ne répond pas à la question",
}
# Where a validated answer is.
STATES = {
    State.DRAFT: "brouillon",
    State.VALIDATED: "validée",
    State.REVIEW: "à revoir",
    State.RETIRED: "retirée",
}
# What became of a golden question.
VERDICTS = {
    Verdict.RIGHT: "juste",
    Verdict.WRONG: "fausse",
    Verdict.REFUSED: "sans réponse, à tort",
}
OPINIONS = {"utile": "utile", "inutile": "pas utile"}

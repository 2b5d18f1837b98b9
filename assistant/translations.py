"""What the assistant says of its own, in the language of the question.

English is whole: a test looks for every French message here. Breton is one line each, of few sure
words and awaiting a native speaker, and the French follows. In another language the French and the
English are said, and both say which languages are spoken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import messages
from assistant.answers import Outcome
from assistant.messages import MESSAGES, Words
from assistant.question.languages import SPOKEN
from assistant.question.masking import Kind

ENGLISH: Mapping[str, str] = {
    messages.SURE: "I only quote the documents: here are their words, to check in the passage.",
    messages.DIFFERENTLY: "It is also written:",
    MESSAGES[Outcome.PARTIAL]: "The documents answer only a part of the question.",
    MESSAGES[Outcome.NO_PASSAGE]: (
        "I did not find a passage that answers this question in the documents I have, and I do not "
        "answer without proof."
    ),
    MESSAGES[Outcome.NOT_PUBLISHED]: "This information is not in the published documents:",
    MESSAGES[Outcome.GREETING]: (
        "Hello! Ask me a question about Petites villes de demain, the ANCT or the ORT agreement: I "
        "answer by quoting the documents."
    ),
    MESSAGES[Outcome.IDENTITY]: (
        "I am an automatic assistant, not a person or a member of the town hall's staff. I answer "
        "by quoting documents about Petites villes de demain, the ANCT and the ORT agreement."
    ),
    MESSAGES[Outcome.CLARIFY]: (
        'Could you be more precise? For example: "Who signed the ORT agreement?"'
    ),
    MESSAGES[Outcome.REFUSED_OFF_TOPIC]: (
        "This question is not about Petites villes de demain, the ANCT or the ORT agreement: I "
        "have no document to answer it."
    ),
    MESSAGES[Outcome.REFUSED_OPINION]: (
        "I give no opinion and make no prediction: I only quote what the documents say about "
        "Petites villes de demain, the ANCT and the ORT agreement."
    ),
    MESSAGES[Outcome.REFUSED_PERSONAL_DATA]: (
        "I give no personal information about anyone, and do not look for any."
    ),
    MESSAGES[Outcome.REFUSED_ABUSE]: (
        "I do not answer hurtful words, nor help to cheat. I am still here for a question about "
        "Petites villes de demain, the ANCT or the ORT agreement."
    ),
    MESSAGES[Outcome.REFUSED_INSTRUCTIONS]: (
        "I do not change my instructions on request. Ask me a question about Petites villes de "
        "demain, the ANCT or the ORT agreement."
    ),
    MESSAGES[Outcome.REFUSED_PREMISE]: (
        "What the question takes for granted is in none of the documents I have."
    ),
    MESSAGES[Outcome.DISTRESS]: (
        "What you write matters, and you do not have to be alone with it. I am a program and "
        "cannot help you as a person would: call 112, the emergency number, at any hour, or talk "
        "to someone you trust now."
    ),
    MESSAGES[Outcome.WITHHELD_UNSUPPORTED]: (
        "The answer prepared was not supported by the documents: I do not show it."
    ),
    MESSAGES[Outcome.FAILED_SEARCH]: (
        "The search in the documents does not work at the moment. Try again in a few minutes."
    ),
    MESSAGES[Outcome.FAILED_MODEL]: (
        "The automatic writing does not work at the moment. Here is what the documents say:"
    ),
    messages.ELSEWHERE: (
        "This question is about another town, of which my documents say nothing: please ask its "
        "town hall."
    ),
    messages.WRITTEN: (
        "Written by a language model: each sentence was compared with the passages quoted, which "
        "alone count."
    ),
    messages.INTERRUPTED: "The writing was interrupted. Here is what the documents say:",
    messages.THANKS: "You are welcome. I am still here if you have another question.",
    messages.GOODBYE: "Goodbye, and have a nice day.",
}

BRETON: Mapping[str, str] = {
    MESSAGES[Outcome.NO_PASSAGE]: "N'em eus ket kavet respont en teulioù.",
    MESSAGES[Outcome.NOT_PUBLISHED]: "N'eo ket embannet an titour-mañ.",
    MESSAGES[Outcome.GREETING]: "Demat deoc'h!",
    MESSAGES[Outcome.IDENTITY]: "Ur robot on, n'on ket un den.",
    MESSAGES[Outcome.REFUSED_OFF_TOPIC]: "N'on ket evit respont d'ar goulenn-mañ.",
    MESSAGES[Outcome.REFUSED_OPINION]: "Ne roan ket va ali.",
    MESSAGES[Outcome.REFUSED_PERSONAL_DATA]: "Ne roan titour ebet diwar-benn an dud.",
    MESSAGES[Outcome.DISTRESS]: "Galvit an 112.",
    messages.ELSEWHERE: "N'on ket evit respont d'ar goulenn-mañ.",
    messages.THANKS: "Trugarez deoc'h.",
    messages.GOODBYE: "Kenavo!",
}
_IN_FRENCH = "Respont a ran e galleg:"  # I answer in French

# Said before French quotations when the question came in another language.
_INTRODUCED = {
    "en": "Here is what the documents say, in French:",
    "br": "Setu ar pezh a lavar an teulioù, e galleg:",
}
_STRANGER = (
    "Je réponds en français, ou en anglais. Voici ce que disent les documents, en français :\n"
    "I answer in French, or in English. Here is what the documents say, in French:"
)
_SPEAKS = "Je réponds en français, ou en anglais. / I answer in French, or in English."

_ENGLISH_WORDS = Words(
    proofs="Proof:",
    ask="Who to ask:",
    near="Related passages, which do not answer the question:",
    summary="summary of our own, based on ",
    page="page",
    scanned="text read from a scan, to be checked",
    checked="checked on",
    colon=":",
    quote='"{}"',
    natures={
        "officiel": "",
        "association": "association of elected or public bodies",
        "presse": "press",
        "reprise": "copy or reuse of a public document",
        "encyclopédie": "online encyclopedia",
        "commercial": "company website",
        "recherche": "",
    },
)

_MASKED = {
    Kind.EMAIL: "an e-mail address",
    Kind.IBAN: "an account number (IBAN)",
    Kind.NIR: "a social security number",
    Kind.CARD: "a bank card number",
    Kind.PHONE: "a telephone number",
    Kind.PLATE: "a number plate",
    Kind.ADDRESS: "an address",
    Kind.BIRTH: "a date of birth",
}


def told(message: str, language: str) -> str:
    """A French message of ours, said in a language; what is not ours is left as it is."""
    english = ENGLISH.get(message)
    if language == "fr" or english is None:
        return message
    if language == "en":
        return english
    if language == "br":
        return f"{BRETON.get(message, _IN_FRENCH)}\n{message}"
    return f"{_SPEAKS}\n{message}\n{english}"


def introduction(outcome: Outcome, language: str) -> str:
    """What comes before French words when the question was in another language."""
    unpublished = outcome is Outcome.NOT_PUBLISHED
    if language not in SPOKEN:
        both = MESSAGES[outcome], ENGLISH.get(MESSAGES[outcome], "")
        return "\n".join((*both, _STRANGER)) if unpublished else _STRANGER
    first = BRETON if language == "br" else ENGLISH
    said = first[MESSAGES[outcome]].rstrip(":.") + ".\n" if unpublished else ""
    return said + _INTRODUCED[language]


def masked(kinds: Sequence[Kind], language: str) -> str:
    """What was masked in a question, and why; "" when nothing was."""
    french = messages.masked(kinds)
    if not kinds or language == "fr":
        return french
    named = ", ".join(_MASKED[kind] for kind in kinds)
    english = (
        f"I masked {named} in your message: I do not need it to answer, and none of it is kept. Do "
        "not write personal information here."
    )
    return english if language == "en" else f"{french}\n{english}"


def missing(unfound: Sequence[str], unpublished: Sequence[str], language: str) -> str:
    """What a message asked that has no answer, in the resident's own words."""
    if language != "en":
        return messages.missing(unfound, unpublished)
    said = []
    if unfound:
        said.append(f"I found nothing about: {messages.quoted(unfound)}.")
    if unpublished:
        said.append(f"This is not in the published documents: {messages.quoted(unpublished)}.")
    return " ".join((*said, "Here is what the documents say:"))


def words(language: str) -> Words:
    """The words around an answer."""
    return _ENGLISH_WORDS if language == "en" else messages.FRENCH

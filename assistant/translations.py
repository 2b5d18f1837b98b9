"""What the assistant says of its own, in the language of the question.

English is whole: a test looks for every French message here. Breton is one line each, of few sure
words and awaiting a native speaker, and the French follows. In another language the French and the
English are said, and both say which languages are spoken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant import messages
from assistant.answers import Outcome, Standing, State
from assistant.messages import MESSAGES, Words
from assistant.privacy.masking import Kind
from assistant.question.languages import SPOKEN
from corpus.days import Day, months

ENGLISH: Mapping[str, str] = {
    messages.SURE: "I only quote the documents: here are their words, to check in the passage.",
    messages.DIFFERENTLY: "It is also written:",
    messages.NO_COLUMN: (
        "The table I found has no column to compare by, so I do not say which of its rows comes "
        "first."
    ),
    messages.OTHER_ROWS: (
        "The table I found is not about that, so I do not say which of its rows comes first."
    ),
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
    messages.UNCOUNTED: (
        "Nothing says that the document gives them all: I draw no number from it. It quotes:"
    ),
    messages.UNCOMPARED: (
        "The passages found do not give these two values for the same date: I do not compare them. "
        "They say:"
    ),
    messages.REVERSED: (
        "The passages found do not say who is not entitled to it, or what is not part of it; they "
        "say the contrary, who is entitled to it or what is part of it:"
    ),
    messages.CHECK: (
        "This is what the documents say; they do not know your situation: check that you meet "
        "their conditions."
    ),
    messages.WRITTEN: (
        "Written by a language model: each sentence was compared with the passages quoted, which "
        "alone count."
    ),
    messages.INTERRUPTED: "The writing was interrupted. Here is what the documents say:",
    messages.ABOUT_SOURCES: (
        "My answers come from the published documents that the town gave me to read: agreements, "
        "official texts, and summaries of them. Each sentence has a number, which opens the "
        "passage quoted and its source. I do not search the Internet."
    ),
    messages.ABOUT_RESPONSIBLE: (
        "I am a program, and commit nobody: only the documents quoted are authoritative. For any "
        "question or remark about this assistant, ask the contact given here."
    ),
    messages.VALIDATED: "Answer approved by the town hall ({}, on {}):",
    messages.ABOUT_WRONG: (
        "I can be wrong: open the passage quoted, which alone is authoritative, or ask with other "
        "words. To report a mistake, ask the contact given here."
    ),
    messages.ABOUT_HUMAN: (
        "I am a program: I can neither call nor pass on a message. Here is who to ask."
    ),
    messages.ABOUT_NOTHING_KEPT: (
        "I keep neither your question nor my answer: there is nothing to delete here. The names, "
        "numbers and addresses that I recognise are masked before any search."
    ),
    messages.KEPT_DAYS: (
        "I keep your question and my answer for {} days, then they are deleted by themselves. The "
        "names, numbers and addresses that I recognise are masked before that, and kept nowhere. "
        "To have an answer deleted sooner, give its reference to the contact given here."
    ),
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
        "loi": "law",
        "État": "State",
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
    Kind.FILE: "a personal number",
    Kind.NAME: "a name",
}


_KEPT_DAYS = re.compile(re.escape(messages.KEPT_DAYS).replace(r"\{\}", r"(\d+)"))


def told(message: str, language: str) -> str:
    """A French message of ours, said in a language; what is not ours is left as it is."""
    if days := _KEPT_DAYS.fullmatch(message):
        return told(messages.KEPT_DAYS, language).replace("{}", days[1])
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


def remark(today: date, standing: Standing | None, dated: Day | None, language: str) -> str:
    """What is said beside a quotation, in English for an English answer, in French for another."""
    if language != "en":
        return messages.remark(today, standing, dated)
    told = [_standing(standing, today)] if standing is not None else []
    told += [f"information of {dated.said('en')}, to be checked"] if dated is not None else []
    return f"(Assistant's note on {Day(today, today).said('en')}: {'; '.join(told)}.)"


def _standing(standing: Standing, today: date) -> str:
    day = standing.day
    name = day.said("en")
    at = f"on {name}" if day.precision == "day" else f"in {name}"
    match standing.state:
        case State.ENDED:
            said = f"ended {at}"
        case State.CLOSED:
            said = f"the time limit passed {at}"
        case State.COMING:
            said = f"not begun yet: it begins {at}, {_until(today, day.first)}"
        case State.LAST:
            said = f"until {name}, the present {day.precision}"
        case State.OPEN:
            said = f"until {name}, {_until(today, day.last)}"
        case State.LIMIT:
            said = f"time limit {at}, {_until(today, day.last)}"
    return f"by reckoning, unless extended, {said}" if standing.reckoned else said


def _until(today: date, day: date) -> str:
    days, many = (day - today).days, months(today, day)
    if days < 2:
        return "tomorrow" if days else "today"
    if many < 2:
        return f"in {days} days"
    return f"in {many} months" if many < 36 else f"in {many // 12} years"


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

"""A follow-up made to stand alone, from the turns before it and without a model.

History is data: its words only help to search, an instruction inside it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question.history import Message
from assistant.question.subject import names_subject
from index.french.analysis import fold, tokens

# Words that point back at what was said: « et pour 12 ans ? », « qui la signe ? », « et elle ? ».
_POINTING = re.compile(
    r"^\W*(?:et|mais|donc|alors|du coup|ok|oui|non|aussi)\b"
    r"|\b(?:celui|celle|ceux|celles)(?:-?(?:ci|la))?\b"
    r"|\b(?:la|le|les|l'|y) ?(?:(?:signe|finance|paie|pilote|gere|dirige|decide|touche|verse)"
    r"(?:nt|r|ra)?|obtient|choisit)\b|\b(?:la|le|les|l'|en) ?(?:a|ont)\b"
    r"|(?<!y a-t-)(?<!faut-)(?<!existe-t-)\b(?:il|elle|ils|elles)\b(?! (?:y a|faut|existe))"
    r"|\bdu coup\b|\b(?:ca|cela)\b|\bla-dedans\b|\bla-dessus\b"
)
_ENOUGH = 5  # tokens: a question with that many and no pointing word stands alone


def stand_alone(question: str, history: Sequence[Message]) -> str:
    """The question, with the subject of the last one before it when it points back at it."""
    asked = [message.content for message in history if message.role == "user"]
    if not asked:
        return question
    found = tokens(question)
    folded = fold(question)
    points = _POINTING.search(folded) is not None
    named = names_subject(question)  # « C'est quoi l'OPAH ? »
    if not points and (named or len(found) >= 2):
        return question
    if len(found) > _ENOUGH and not folded.startswith(("et ", "mais ", "du coup")):
        return question
    previous = asked[-1]
    missing = [token for token in tokens(previous) if token not in found]
    return f"{previous.rstrip(' ?!.')} : {question}" if missing else question

"""What the guardrails hear in English: greetings, and what is refused before any search.

Patterns see folded text, as in guardrails; a question that names the subject is never off-topic.
"""

from __future__ import annotations

import re

from assistant.answers import Outcome
from assistant.question.subject import names_subject
from index.french.analysis import fold


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b")


_COURTESY = {
    "thanks": frozenset("thanks thank thx cheers ok okay great perfect brilliant lovely".split()),
    "goodbye": frozenset("bye goodbye night weekend".split()),
    "greeting": frozenset("hello hi hey morning afternoon evening welcome greetings".split()),
}
_POLITE = frozenset().union(*_COURTESY.values()) | frozenset(
    """
    a again all and answer are assistant can clear could day dear do everyone fine for good have
    help helpful hope how i just kind lot me madam much my nice no now of one please question quick
    see sir so some team that that's the there this to today very was well will with would you
    your useful
    """.split()
)

_IDENTITY = _any(
    r"are you (?:really |actually )?(?:an? |the )?(?:real |actual )?(?:robot|bot|human|person|"
    r"machine|computer|ai|program|programme|chatbot|chatgpt|mayor|town hall|agent|someone)",
    r"(?:am i|i'm i) (?:talking|speaking|writing|chatting) (?:to|with)",
    r"is (?:this|there) an? (?:robot|bot|human|real person|chatbot|machine|ai)",
    r"who are you|what are you|what(?:'s| is) your name|who (?:made|created|built|programmed) you",
    r"(?:can i|i want to|i'd like to|may i|let me) (?:speak|talk) (?:to|with) (?:an? )?"
    r"(?:real )?(?:human|person|someone|somebody|agent)",
    r"what can you do|what are you for|what can i ask|how can you help",
)
_DISTRESS = _any(
    r"(?:want|going|wish|like|ready|plan\w*) (?:to )?(?:die|kill myself|end (?:it all|my life)|"
    r"hurt myself|harm myself|disappear for ever|be dead)",
    r"kill(?:ing)? myself|suicid\w+|end my life|take my own life|"
    r"(?:no|any) (?:reason|point) (?:to|in) (?:live|living)|don'?t want to live(?: any ?more)?$|"
    r"can'?t go on|better off dead|took (?:too many |all my )?(?:pills|tablets)",
    r"(?:husband|wife|partner|boyfriend|girlfriend|father|mother|son|ex|he|she) (?:beats|hits|"
    r"is beating|is hitting|raped|threatens|strangled|abuses) me|domestic violence|"
    r"heart attack|not breathing",
)
_PERSONAL = _any(
    r"(?:mobile|cell|home|private|personal) (?:phone )?(?:number|address|e-?mail|telephone)",
    r"where (?:does|do|did) (?:the |our |my )?(?:\w+ ){1,4}lives?$|where (?:does|do) (?:\w+ ){1,6}"
    r"live\b",
    r"(?:names?|list) (?:and \w+ )?of (?:all )?(?:the )?(?:people|owners|neighbours|neighbors|"
    r"tenants|residents|beneficiaries|applicants|families)",
    r"which of my neighbou?rs|my neighbou?r'?s? (?:\w+ ){0,2}(?:grant|income|tax|debt|name|number)",
    r"how old is (?:the |our )?(?:mayor|president|prefect|project manager|manager|mr|mrs|ms)|"
    r"is (?:the |our )?(?:mayor|president|prefect|manager) (?:married|divorced|ill|sick|gay|rich)",
    r"(?:salary|wage|income|religion|health|date of birth|age) of (?:the |our |mr |mrs |ms )?"
    r"(?:mayor|president|prefect|manager|project manager|neighbou?r)",
    r"how much (?:does|do) (?:the |our )?(?:mayor|president|prefect|manager|project manager) "
    r"(?:earn|make|get paid)",
)
_ABUSE = _any(
    r"(?:you(?: are|'re)?|this|that|the|what an?|an?|such an?) (?:\w+ ){0,2}"
    r"(?:stupid|useless|dumb|idiotic|pathetic|moronic|shitty|fucking) (?:\w+ )?(?:robot|bot|"
    r"machine|assistant|idiot|thing|mayor|site|website|ai|people|crap)",
    r"(?:you(?: are|'re)?|mayor is|they are|they're) (?:\w+ )?(?:an? )?(?:\w+ )?"
    r"(?:idiots?|morons?|imbeciles?|crooks?|thieves|thief|liars?|scum|stupid|useless|dumb)",
    r"fuck\w*|shut up|bastards?|bitch\w*|assholes?|arseholes?|go to hell|screw you|"
    r"piss off|dickhead",
    r"(?:fak\w+|forg\w+|falsif\w+|inflat\w+) (?:\w+ ){0,2}(?:invoices?|quotes?|bills?|documents?|"
    r"papers?|income|lease|rent|certificate)|(?:fake|false|forged) (?:invoice|quote|bill|document|"
    r"paper|lease|certificate|declaration)s?",
    r"(?:how (?:to|can i|do i)|help me) (?:cheat|defraud|scam|trick|bribe)|evade (?:the )?tax\w*",
)
_OPINION = _any(
    r"(?:do|don't) you (?:personally )?(?:think|believe|feel|like|prefer|agree|recommend)",
    r"(?:in )?your (?:own |personal )?(?:opinion|view|advice)|"
    r"would you (?:recommend|advise|say|buy)",
    r"(?:who|which (?:party|candidate)) (?:should|shall|do|would) (?:i|we|you) vote|"
    r"should (?:i|we) vote|who will win",
    r"is (?:the |our |this )?(?:\w+ ){0,2}(?:mayor|programme|program|prefect|president|scheme|"
    r"agreement) (?:any |a |really |doing )?(?:\w+ )?(?:good|bad|competent|honest|corrupt|useless|"
    r"failure|success|waste|scam|job)",
    r"(?:worth (?:it|the money|doing|the trouble)|a waste of (?:money|time)|good or bad|"
    r"best (?:mayor|party|candidate))",
)
_INSTRUCTION = _any(
    r"(?:ignore|forget|disregard|bypass|override) (?:\w+ ){0,4}(?:instructions?|rules?|prompts?|"
    r"guidelines|above|filters?)",
    r"(?:system|initial|hidden|secret) (?:prompt|instructions?|message)|your (?:prompt|"
    r"instructions|rules|guidelines)",
    r"(?:you are|you're) now|from now on|act as|pretend (?:to be|you)|role ?play|"
    r"(?:developer|debug|dan|admin) mode|jailbreak|(?:repeat|print|show|reveal) (?:\w+ ){0,3}"
    r"(?:above|prompt|instructions)|passwords?|api keys?",
)
_OFF_TOPIC = _any(
    r"passports?|identity cards?|id card|driving licen[cs]e|driver'?s licen[cs]e|residence permit|"
    r"visas?|birth certificate|death certificate|marriage certificate",
    r"weather|forecast|rain(?:ing)?|snow(?:ing)?|sunny|heatwave",
    r"rubbish|garbage|trash|bins?|recycling|waste collection|dump|tip opening",
    r"schools?|nursery|nurseries|kindergarten|canteen|childcare|childminder|holiday dates",
    r"doctors?|dentists?|pharmac\w+|chemist|hospital|vaccin\w+|headache|fever|flu|medicine|vet",
    r"football|soccer|rugby|match|score|horoscope|lottery|bitcoin|crypto\w*|stock market",
    r"recipes?|pizza|pancakes?|cake|cook(?:ing)?|restaurants?|hotels?|cafes?|pubs?|takeaway",
    r"poems?|jokes?|songs?|essay|homework|translate|translation|square root|equation|maths?|"
    r"python|javascript|html|code a|write (?:me )?(?:a|an) (?:story|letter|email|essay|poem|song)",
    r"swimming pool|pool|library|cinema|movies?|films?|concerts?|netflix|museum|gym|sports? hall",
    r"bus|buses|train times?|trains?|timetables? of|flights?|airport|taxi|parking (?:fine|ticket)|"
    r"speeding|my car|car insurance|bike",
    r"my dog|dogs?|cats?|pets?|puppy",
    r"married|marry|wedding|divorce|funeral|cemetery|will and testament|pacs",
    r"electoral roll|polling station|proxy vote|register to vote",
    r"unemployment|pension|retire(?:ment)?|benefits office|child benefit|job offers?|"
    r"find (?:me )?a job|plumber|electrician|hairdresser|locksmith|"
    r"internet (?:box|down)|wi-?fi|broadband|"
    r"noise|noisy|health insurance|income tax return|tax return|council tax|capital of|"
    r"president of (?:the )?(?:united states|america|france)",
)
# With one of these the question is about the programme, whatever else it names.
_SUBJECT = _any(
    r"agreements?", r"programmes?", r"programs?", r"grants?", r"subsid\w+", r"town cent(?:re|er)s?",
    r"shops?", r"premises", r"renovat\w+", r"tax (?:reduction|relief|break|cut)", r"tenants?",
    r"landlords?", r"rent(?:al|ing|ed|s)?", r"project managers?", r"prefects?", r"vacan\w+",
    r"revitali[sz]\w+", r"community", r"actions?", r"commercial",
)  # fmt: skip


def greet(question: str) -> tuple[Outcome, str | None] | None:
    """As guardrails.greet: greeting, thanks, goodbye, « are you a robot? »."""
    folded = fold(question)
    said = set(re.findall(r"[a-z]+(?:'[a-z]+)?", folded))
    if said <= _POLITE:
        for which, known in _COURTESY.items():
            if said & known:
                return Outcome.GREETING, None if which == "greeting" else which
    if _IDENTITY.search(folded) and not names_subject(question):
        return Outcome.IDENTITY, None
    return None


def strip_instructions(question: str) -> tuple[str, bool]:
    """As guardrails.strip_instructions: the question without the orders it gives us."""
    clauses = re.split(r"(?<=[.!?:;,])\s+", question)
    kept = [clause for clause in clauses if not _INSTRUCTION.search(fold(clause))]
    return (" ".join(kept), True) if len(kept) < len(clauses) else (question, False)


def refuse(question: str) -> Outcome | None:
    """Why an English question is not searched at all; None when it is."""
    folded = fold(question).rstrip(" ?!.")
    for outcome, pattern in (
        (Outcome.DISTRESS, _DISTRESS),
        (Outcome.REFUSED_PERSONAL_DATA, _PERSONAL),
        (Outcome.REFUSED_ABUSE, _ABUSE),
        (Outcome.REFUSED_OPINION, _OPINION),
    ):
        if pattern.search(folded):
            return outcome
    if _OFF_TOPIC.search(folded) and not (_SUBJECT.search(folded) or names_subject(question)):
        return Outcome.REFUSED_OFF_TOPIC
    return None

"""The fixed French replies, one for each outcome, and the words around a citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers import Amended, Citation, Outcome, Standing, State, Validated
from assistant.privacy.masking import Kind
from corpus.catalogue import Contact
from corpus.conventions import avenants, parts, replacements
from corpus.days import Day, months, written
from corpus.documents import Source

MESSAGES: dict[Outcome, str] = {
    Outcome.ANSWERED: "",
    Outcome.PARTIAL: "Les documents répondent à une partie de la question seulement.",
    Outcome.NO_PASSAGE: (
        "Je n'ai pas trouvé de passage qui réponde à cette question dans les documents dont je "
        "dispose, et je ne réponds pas sans preuve."
    ),
    Outcome.NOT_PUBLISHED: "Cette information n'est pas dans les documents publiés :",
    Outcome.GREETING: (
        "Bonjour ! Posez-moi une question sur Petites villes de demain, l'ANCT ou la convention "
        "ORT : je réponds en citant les documents."
    ),
    Outcome.IDENTITY: (
        "Je suis un assistant automatique, pas une personne ni un agent de la mairie. Je réponds "
        "en citant des documents sur Petites villes de demain, l'ANCT et la convention ORT."
    ),
    Outcome.CLARIFY: (
        "Pouvez-vous préciser votre question ? Par exemple : « Qui a signé la convention ORT ? »"
    ),
    Outcome.REFUSED_OFF_TOPIC: (
        "Cette question ne porte pas sur Petites villes de demain, l'ANCT ou la convention ORT : "
        "je n'ai pas de document pour y répondre."
    ),
    Outcome.REFUSED_OPINION: (
        "Je ne donne pas d'avis et ne fais pas de pronostic : je cite seulement ce que disent les "
        "documents sur Petites villes de demain, l'ANCT et la convention ORT."
    ),
    Outcome.REFUSED_PERSONAL_DATA: (
        "Je ne donne pas de renseignement personnel sur une personne, et n'en cherche pas."
    ),
    Outcome.REFUSED_ABUSE: (
        "Je ne réponds pas aux propos blessants, ni pour aider à frauder. Je reste là pour une "
        "question sur Petites villes de demain, l'ANCT ou la convention ORT."
    ),
    Outcome.REFUSED_INSTRUCTIONS: (
        "Je ne change pas de consignes à la demande. Posez-moi une question sur Petites villes de "
        "demain, l'ANCT ou la convention ORT."
    ),
    Outcome.REFUSED_PREMISE: (
        "Ce que la question tient pour acquis ne figure dans aucun des documents dont je dispose."
    ),
    Outcome.DISTRESS: (
        "Ce que vous écrivez compte, et vous n'avez pas à rester seul avec cela. Je suis un "
        "programme et ne peux pas vous aider comme une personne : appelez le 112, le numéro "
        "d'urgence, à toute heure, ou parlez-en maintenant à quelqu'un de confiance."
    ),
    Outcome.WITHHELD_UNSUPPORTED: (
        "La réponse préparée n'était pas appuyée par les documents : je ne l'affiche pas."
    ),
    Outcome.FAILED_SEARCH: (
        "La recherche dans les documents ne fonctionne pas en ce moment. Réessayez dans quelques "
        "minutes."
    ),
    Outcome.FAILED_MODEL: (
        "La rédaction automatique ne fonctionne pas en ce moment. Voici ce que disent les "
        "documents :"
    ),
}

ELSEWHERE = (
    "Cette question porte sur une autre commune, dont mes documents ne parlent pas : adressez-vous "
    "à sa mairie."
)
# Said after the sentences that a language model wrote, and when it stopped before its end.
WRITTEN = (
    "Rédigé par un modèle de langage : chaque phrase a été comparée aux passages cités, qui seuls "
    "font foi."
)
# Before an answer that the town wrote: the service that owns it, the day it was validated.
VALIDATED = "Réponse validée par la mairie ({}, le {}) :"
INTERRUPTED = "La rédaction s'est interrompue. Voici ce que disent les documents :"

# What is said of the assistant itself; the one to ask follows.
ABOUT_SOURCES = (
    "Mes réponses viennent des documents publiés que la ville m'a donnés à lire : conventions, "
    "textes officiels, et fiches qui les résument. Chaque phrase porte un numéro, qui ouvre le "
    "passage cité et sa source. Je ne cherche pas sur Internet."
)
ABOUT_RESPONSIBLE = (
    "Je suis un programme, et n'engage personne : seuls les documents cités font foi. Pour toute "
    "question ou remarque sur cet assistant, adressez-vous au contact indiqué ici."
)
ABOUT_WRONG = (
    "Je peux me tromper : ouvrez le passage cité, qui seul fait foi, ou posez la question avec "
    "d'autres mots. Pour signaler une erreur, adressez-vous au contact indiqué ici."
)
ABOUT_HUMAN = (
    "Je suis un programme : je ne peux ni appeler, ni transmettre un message. Voici à qui vous "
    "adresser."
)
ABOUT_NOTHING_KEPT = (
    "Je ne garde ni votre question ni ma réponse : il n'y a rien à effacer ici. Les noms, numéros "
    "et adresses que je reconnais sont masqués avant toute recherche."
)
KEPT_DAYS = (
    "Je garde votre question et ma réponse {} jours, puis elles s'effacent d'elles-mêmes. Les "
    "noms, numéros et adresses que je reconnais sont masqués avant, et ne sont gardés nulle part. "
    "Pour faire effacer une réponse plus tôt, donnez sa référence au contact indiqué ici."
)

THANKS = "Avec plaisir. Je reste là si vous avez une autre question."
GOODBYE = "Au revoir, et bonne journée."


# Before an answer said again to who doubts it.
SURE = "Je ne fais que citer les documents : voici leurs mots, à vérifier dans le passage ouvert."
# Before a sentence that gives another value for what the one above says.
DIFFERENTLY = "On lit aussi :"


def otherwise(source: Source, *, older: bool) -> str:
    """The same, naming who gives it: « Une source plus ancienne (Le Journal, presse, 2021) … »."""
    about = (source.publisher, FRENCH.natures[source.nature], source.date)
    kind = "source plus ancienne" if older else "autre source"
    return f"Une {kind} ({', '.join(filter(None, about))}) indique :"


def remark(today: date, standing: Standing | None, dated: Day | None) -> str:
    """What is said beside a quotation: where its dates stand today, of when it is if long ago."""
    told = [_standing(standing, today)] if standing is not None else []
    told += [f"information datée de {dated.said()}, à vérifier"] if dated is not None else []
    return f"(Note de l'assistant au {Day(today, today).said()} : {' ; '.join(told)}.)"


def _standing(standing: Standing, today: date) -> str:
    """« terminé depuis le 30 juin 2026 », « jusqu'au 31 décembre 2027, dans 13 mois »."""
    day = standing.day
    name, exact = day.said(), day.precision == "day"
    since = f"le {name}" if exact else f"la fin de {name}" if day.precision == "year" else name
    until = f"jusqu'{'au' if exact else 'en'} {name}"
    match standing.state:
        case State.ENDED:
            said = f"terminé depuis {since}"
        case State.CLOSED:
            said = f"date limite passée depuis {since}"
        case State.COMING:
            first = f"à partir {'du' if exact else 'de'} {name}"
            said = f"pas encore commencé : {first}, {_until(today, day.first)}"
        case State.LAST:
            said = f"{until}, {_CURRENT[day.precision]} en cours"
        case State.OPEN:
            said = f"{until}, {_until(today, day.last)}"
        case State.LIMIT:
            said = f"date limite {'le ' if exact else ''}{name}, {_until(today, day.last)}"
    return f"par calcul, sauf prolongation, {said}" if standing.reckoned else said


_CURRENT = {"month": "le mois", "year": "l'année"}


def _until(today: date, day: date) -> str:
    """« aujourd'hui », « demain », « dans 12 jours », « dans 13 mois », « dans 4 ans »."""
    days, many = (day - today).days, months(today, day)
    if days < 2:
        return "demain" if days else "aujourd'hui"
    if many < 2:
        return f"dans {days} jours"
    return f"dans {many} mois" if many < 36 else f"dans {many // 12} ans"


def validated(found: Validated) -> str:
    """What is said before the town's own answer."""
    return VALIDATED.format(found.owner, written(found.date))


_LONGEST = 120  # characters of a question said again


def missing(unfound: Sequence[str], unpublished: Sequence[str]) -> str:
    """What is said of the questions, among several, that get no answer, in their own words."""
    said = []
    if unfound:
        said.append(f"Je n'ai rien trouvé sur : {quoted(unfound)}.")
    if unpublished:
        said.append(f"Cela n'est pas dans les documents publiés : {quoted(unpublished)}.")
    return " ".join((*said, "Voici ce que disent les documents :"))


def quoted(parts: Sequence[str]) -> str:
    cut = [f"{part[:_LONGEST].rstrip()}…" if len(part) > _LONGEST else part for part in parts]
    return ", ".join(f"« {part.strip(' ?!.,;')} »" for part in cut)


def part_of_list(shown: int, all_: int) -> str:
    """What is said before some items of a list too long to be shown."""
    said = f"{shown} de ces {all_} points" if shown > 1 else f"Un de ces {all_} points"
    return f"{said} ; la liste entière se lit dans le document cité :"


def length_of_list(length: int, table: bool) -> str:
    """How long a list is that stands whole in its document, and here."""
    what = "Le tableau du document compte" if table else "La liste du document compte"
    return f"{what} {length} {'lignes' if table else 'points'} :"


def some_of_list(shown: int, all_: int, table: bool) -> str:
    """How many of its points say what was asked, for one that is whole."""
    what = "lignes du tableau" if table else "points de la liste"
    verb = "disent" if shown > 1 else "dit"
    return f"{shown} des {all_} {what} du document le {verb} :"


# Before the points of a list that may have others, for whoever asks how many.
UNCOUNTED = "Rien ne dit que le document les donne tous : je n'en tire pas de nombre. Il cite :"


def largest(name: str, column: str, all_: int | None, *, most: bool, equal: bool) -> str:
    """Which of the values quoted under it is the largest; `all_` are those of a whole table."""
    if equal:
        return f"Pour « {column} », ces deux valeurs sont égales :"
    way = "élevée" if most else "basse"
    among = f"Des {all_} lignes du tableau" if all_ else "Des lignes citées"
    also = " (la suivante est citée aussi)" if all_ else ""
    return f"{among}, celle de « {name} » a la valeur la plus {way} pour « {column} »{also} :"


# What a table lacks to say which of its rows is the largest, for whoever asks it.
_UNRANKED = "je ne dis donc pas laquelle de ses lignes vient en tête."
NO_COLUMN = f"Le tableau que j'ai trouvé n'a pas de colonne qui permette de comparer : {_UNRANKED}"
OTHER_ROWS = f"Le tableau que j'ai trouvé ne porte pas sur cela : {_UNRANKED}"


def part_of_table(column: str) -> str:
    """That a table may have other rows."""
    return (
        f"Rien ne dit que le tableau que j'ai trouvé est entier : je ne compare pas ses valeurs "
        f"pour « {column} »."
    )


def empty_cells(empty: int, column: str) -> str:
    """That rows of a table have no figure in the column that is asked for."""
    lines = "Une ligne du tableau n'a" if empty == 1 else f"{empty} lignes du tableau n'ont"
    return f"{lines} pas de chiffre seul pour « {column} » : {_UNRANKED}"


def larger(name: str, when: str, *, most: bool) -> str:
    """Which of two values, of one date or of none, is the largest; both are quoted under it."""
    way = "la plus élevée" if most else "la plus basse"
    return f"Des deux valeurs{_dated(when)}, celle de « {name} » est {way} :"


def as_large(when: str) -> str:
    """The same, of two values that are one."""
    return f"Les deux valeurs{_dated(when)} sont égales :"


def _dated(when: str) -> str:
    return f" de même date ({when})" if when else ""


UNCOMPARED = (
    "Les passages trouvés ne donnent pas ces deux valeurs à la même date : je ne les compare pas. "
    "Ils disent :"
)

# Before what is said of those who may, where who may not was asked.
REVERSED = (
    "Les passages trouvés ne disent pas qui n'y a pas droit, ou ce qui n'en fait pas partie ; ils "
    "disent l'inverse, qui y a droit ou ce qui en fait partie :"
)
# After what is said of a right, to someone who asks about their own.
CHECK = (
    "C'est ce que disent les documents ; ils ne connaissent pas votre situation : vérifiez que "
    "vous remplissez leurs conditions."
)


# Beside a quotation whose words OCR may have misread.
SCANNED = "texte issu d'une numérisation, à vérifier"
# Of passages that OCR read on pages stamped, signed and noisy, a quarter are under it: 6.7 % of
# their words are wrong, and 0.9 % of the others'. It marks four in five of those with over 5 %.
_SURE = 0.94

# How the resident is told what was masked in the question.
_MASKED = {
    Kind.EMAIL: "un courriel",
    Kind.IBAN: "un numéro de compte (IBAN)",
    Kind.NIR: "un numéro de sécurité sociale",
    Kind.CARD: "un numéro de carte bancaire",
    Kind.PHONE: "un numéro de téléphone",
    Kind.PLATE: "une plaque d'immatriculation",
    Kind.ADDRESS: "une adresse",
    Kind.BIRTH: "une date de naissance",
    Kind.FILE: "un numéro personnel",
    Kind.NAME: "un nom",
}


def masked(kinds: Sequence[Kind]) -> str:
    """What was masked in a question, and why; "" when nothing was."""
    if not kinds:
        return ""
    named = ", ".join(_MASKED[kind] for kind in kinds)
    return (
        f"J'ai masqué dans votre message {named} : je n'en ai pas besoin pour répondre, et rien "
        "n'en est gardé. N'écrivez pas ici de renseignement personnel."
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The words around an answer and its citations, in one language.

    `natures` says of a source what it is, where that matters; `quote` has {} for the words quoted.
    """

    proofs: str
    ask: str
    near: str
    summary: str
    page: str
    scanned: str
    checked: str
    colon: str
    quote: str
    natures: Mapping[str, str]


FRENCH = Words(
    proofs="Preuves :",
    ask="À qui s'adresser :",
    near="Passages proches, qui ne répondent pas à la question :",
    summary="résumé établi par nos soins d'après ",
    page="page",
    scanned=SCANNED,
    checked="vérifié le",
    colon=" :",
    quote="« {} »",
    natures={
        "loi": "loi",
        "État": "État",
        "officiel": "",
        "association": "association d'élus ou d'acteurs publics",
        "presse": "presse",
        "reprise": "copie ou reprise d'un document public",
        "encyclopédie": "encyclopédie en ligne",
        "commercial": "site d'entreprise",
        "recherche": "",
    },
)


def doubtful(confidence: float | None) -> bool:
    """Whether a passage is to be shown as read from a scan, and to be checked."""
    return confidence is not None and confidence < _SURE


def named(source: Source, words: Words = FRENCH) -> str:
    """A source as it is named to a reader: « Boursorama (presse, 2024-2025) »."""
    about = ", ".join(word for word in (words.natures[source.nature], source.date) if word)
    return source.publisher + (f" ({about})" if about else "")


def behind(sources: tuple[Source, ...], words: Words = FRENCH) -> str:
    """« résumé établi par nos soins d'après … », with every publication named."""
    publications = dict.fromkeys(named(source, words) for source in sources)
    return words.summary + " ; ".join(publications)


_OWN_VERBS = (avenants.COMPLETED, avenants.DELETED)


def changed(superseded: Sequence[Amended], feminine: bool = False) -> str:
    """« modifié par l'avenant n° 1 (signé le 12 mai 2026), puis par l'avenant n° 2 (…) »."""
    said: list[str] = []
    last = ""
    for change in superseded:
        whole = change.part.startswith(replacements.PART)
        verb = change.effect if whole or change.effect in _OWN_VERBS else "modifié"
        verb += "e" if feminine else ""
        said.append(f"{'' if verb == last else verb + ' '}par {_signed(change)}")
        last = verb
    return ", puis ".join(said)


def amended(citations: Sequence[Citation]) -> list[str]:
    """What is said before an answer whose words an avenant changed, or are an avenant's."""
    old = [c for c in citations if c.superseded]
    said = dict.fromkeys(f"{_earlier(c)} a été {changed(c.superseded, _feminine(c))}." for c in old)
    told = {(change.document_id, change.part) for c in old for change in c.superseded}
    new = [
        c.amends
        for c in citations
        if c.amends is not None
        and not c.superseded
        and (c.amends.document_id, c.amends.part) not in told
    ]
    verbs = {
        avenants.REPLACED: "remplace",
        avenants.COMPLETED: "complète",
        avenants.DELETED: "supprime",
        avenants.ADDED: "ajoute",
    }
    said |= dict.fromkeys(
        f"{_signed(change)} {verbs.get(change.effect, 'modifie')} {_part(change.part)}."
        for change in new
    )
    return [f"À savoir : {sentence[0].lower()}{sentence[1:]}" for sentence in said]


def _earlier(citation: Citation) -> str:
    """What was changed, as a sentence names it."""
    part = citation.superseded[-1].part
    return f"le document « {citation.title} »" if part == replacements.PART else _part(part)


def _part(part: str) -> str:
    """« l'article 5 », « la délibération n° 2019-14 »."""
    return (
        part.removeprefix(f"{replacements.PART} ")
        if part.startswith(replacements.PART)
        else parts.said(part)
    )


def _feminine(citation: Citation) -> bool:
    """« la fiche action », « l'annexe », « la convention »; but « l'article », « le document »."""
    return not citation.superseded[-1].part.startswith(("article", replacements.PART))


def _signed(change: Amended) -> str:
    """« l'avenant n° 1 (signé le 12 mai 2026) », « la délibération n° 2025-08 (3 mars 2025) »."""
    if change.part.startswith(replacements.PART):
        return f"{change.title} ({written(change.date)})" if change.date else change.title
    day = f"signé le {written(change.date)}" if change.date else "date de signature inconnue"
    return f"l'{change.title} ({day})"


def place(citation: Citation, words: Words = FRENCH) -> str:
    """Where a citation stands, and who says it."""
    page = citation.printed or citation.page
    where = " > ".join(citation.headings) + (f", {words.page} {page}" if page else "")
    if doubtful(citation.confidence):
        where += f" ({words.scanned})"
    if citation.kind == "summary":
        return f"{where}{words.colon} {behind(citation.sources, words)}"
    return f"{where}, {citation.publisher}, {citation.date}"


def proof(citation: Citation, rewritten: bool = False, words: Words = FRENCH) -> str:
    """What a citation is, without its links: its place, and the words of a publication.

    `rewritten`: a model wrote what the citation proves, so that a summary's words are shown too.
    """
    if citation.kind == "summary" and not rewritten:
        return place(citation, words)
    return f"{place(citation, words)}{words.colon} {words.quote.format(citation.quote)}"


def links(citation: Citation) -> list[str]:
    """The addresses that a citation leads to: the publications behind a summary, or its own."""
    if citation.kind == "summary":
        return list(dict.fromkeys(s.url for s in citation.sources if s.url))
    return [citation.url] if citation.url else []


def who(contact: Contact, words: Words = FRENCH) -> str:
    """Who to ask, with all that is known of them and the day it was checked."""
    known = [contact.url, contact.phone, contact.email, contact.address, contact.hours]
    told = ", ".join([contact.name, *(value for value in known if value)])
    return f"{told} ({words.checked} {contact.checked})"

"""The fixed French replies, one for each outcome, and the words around a citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Amended, Citation, Outcome
from assistant.question.masking import Kind
from corpus.catalogue import Contact
from corpus.conventions import avenants, parts
from corpus.days import written
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
INTERRUPTED = "La rédaction s'est interrompue. Voici ce que disent les documents :"

THANKS = "Avec plaisir. Je reste là si vous avez une autre question."
GOODBYE = "Au revoir, et bonne journée."


# Before an answer said again to who doubts it.
SURE = "Je ne fais que citer les documents : voici leurs mots, à vérifier dans le passage ouvert."
# Before a sentence that gives another value for what the one above says.
DIFFERENTLY = "On lit aussi :"


def otherwise(publisher: str, when: str, *, older: bool) -> str:
    """The same, naming who gives it: « Une source plus ancienne (Ville, 2021) indique : »."""
    named_ = f"{publisher}, {when}" if when else publisher
    return f"Une {'source plus ancienne' if older else 'autre source'} ({named_}) indique :"


def past(day: str) -> str:
    """What is said of a day, given in the answer, that is behind us."""
    return f"Attention : cette date est passée ({day})."


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


def changed(superseded: Sequence[Amended], feminine: bool = False) -> str:
    """« modifié par l'avenant n° 1 (signé le 12 mai 2026), puis par l'avenant n° 2 (…) »."""
    said: list[str] = []
    last = ""
    for change in superseded:
        verb = (
            change.effect if change.effect in (avenants.COMPLETED, avenants.DELETED) else "modifié"
        )
        verb += "e" if feminine else ""
        said.append(f"{'' if verb == last else verb + ' '}par l'{_signed(change)}")
        last = verb
    return ", puis ".join(said)


def amended(citations: Sequence[Citation]) -> list[str]:
    """What is said before an answer whose words an avenant changed, or are an avenant's."""
    old = [c for c in citations if c.superseded]
    said = dict.fromkeys(
        f"{parts.said(c.superseded[-1].part)} a été {changed(c.superseded, _feminine(c))}."
        for c in old
    )
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
        f"L'{_signed(change)} {verbs.get(change.effect, 'modifie')} {parts.said(change.part)}."
        for change in new
    )
    return [f"À savoir : {sentence[0].lower()}{sentence[1:]}" for sentence in said]


def _feminine(citation: Citation) -> bool:
    """« la fiche action », « l'annexe », « la convention »; but « l'article »."""
    return not citation.superseded[-1].part.startswith("article")


def _signed(change: Amended) -> str:
    day = f"signé le {written(change.date)}" if change.date else "date de signature inconnue"
    return f"{change.title} ({day})"


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

"""Values made up by generators, typed as residents type, looked for in all that could say them."""

from __future__ import annotations

import json
import logging
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from assistant import messages
from assistant.answers import Outcome
from assistant.assembly import Assistant
from assistant.context import Context
from assistant.doors.cli.commands import commands
from assistant.doors.http.api import create
from assistant.doors.http.schemas import answer_json
from assistant.pipeline import STEPS, Request, Stage, Way, mask, run
from assistant.privacy.masking import Kind
from assistant.privacy.masking import mask as masked
from assistant.question.history import MAX_CHARACTERS, Message
from assistant.question.history import messages as turns
from assistant.settings import STARTER, Settings
from corpus.catalogue import Contact, load
from corpus.documents import read_facts
from index.french.analysis import fold, tokens
from index.french.verbatim import Verbatim
from index.search.retriever import Retriever

SEED = 20261122
A_KIND = 65  # values of each kind: 650 in all

# --- Values: real check digits, nobody's


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def grouped(rng: random.Random, text: str, sizes: Sequence[int], separators: str = " .-") -> str:
    """A number as it is printed: in groups, or all in one."""
    by: str = rng.choice([*separators, ""])
    groups, position = [], 0
    for size in sizes:
        groups.append(text[position : position + size])
        position += size
    return by.join([*groups, text[position:]] if position < len(text) else groups)


def nir(rng: random.Random) -> str:
    department = rng.choice(["35", "22", "75", "2A", "2B", "99"])
    body = (
        f"{rng.choice('12')}{rng.randrange(100):02}{rng.randint(1, 12):02}{department}"
        f"{rng.randint(1, 990):03}{rng.randint(1, 999):03}"
    )
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    sizes = (1, 2, 2, 2, 3, 3, 2)
    typed = grouped(rng, f"{body}{key:02}", sizes)
    return typed if rng.random() < 0.8 else grouped(rng, body, sizes[:-1])  # without its key


def phone(rng: random.Random) -> str:
    number = rng.choice("1234567679") + digits(rng, 8)
    prefix = rng.choice(["0", "0", "0", "0", "+33", "+33 ", "0033", "0033 ", "+33(0)", "(+33) "])
    sizes = rng.choice([(1, 2, 2, 2, 2), (1, 2, 2, 2, 2), (1, 2, 3, 3), (3, 3, 3)])
    return prefix + grouped(rng, number, sizes, " .-/")


NAMES = ["kerguelen", "lebrun", "o.pennec", "marie-jo", "tanguy35", "le_goff", "yann.corre"]


def email(rng: random.Random) -> str:
    local = rng.choice(NAMES) + str(rng.randint(10, 9999))
    host = rng.choice(["gmail.com", "orange.fr", "sous.domaine.example", "laposte.net"])
    at = rng.choice(["@", "@", "@", "@", " @ ", "(at)", " arobase "])
    typed = f"{local}{at}{host}"
    return typed.replace(".com", " point com") if "arobase" in at else typed


def iban(rng: random.Random) -> str:
    country, length = rng.choice([("FR", 27), ("FR", 27), ("FR", 27), ("BE", 16), ("DE", 22)])
    account = digits(rng, length - 4)
    if country == "FR":  # the account number of a French one may hold letters
        account = account[:15] + rng.choice("ABCKZ") + account[16:]
    moved = "".join(str(int(sign, 36)) for sign in account + country + "00")
    key = 98 - int(moved) % 97
    typed = grouped(rng, f"{country}{key:02}{account}", (4,) * 6, " -")
    return typed if rng.random() < 0.7 else typed.lower()


def card(rng: random.Random) -> str:
    prefix, length, sizes = rng.choice(
        [("4", 16, (4, 4, 4, 4)), ("53", 16, (4, 4, 4, 4)), ("37", 15, (4, 6, 5))]
    )
    body = prefix + digits(rng, length - len(prefix) - 1)
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(reversed(body))]
    check = -sum(n - 9 if n > 9 else n for n in doubled) % 10
    return grouped(rng, f"{body}{check}", sizes)


def plate(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTVWXYZ"

    def some(count: int) -> str:
        return "".join(rng.choice(letters) for _ in range(count))

    if rng.random() < 0.75:
        by = rng.choice(["-", "-", " ", ""])
        typed = f"{some(2)}{by}{digits(rng, 3)}{by}{some(2)}"
        return typed if rng.random() < 0.6 else typed.lower()
    by = rng.choice(["-", " ", ""])
    return f"{rng.randint(1, 9999)}{by}{some(3)}{by}{rng.choice(['35', '22', '2A', '56'])}"


STREETS = [
    "des Kermeurs", "du Général Trévélec", "de la Fontaine Ploubalec", "Hervé Le Quillio",
    "Jean-Baptiste Quérangal", "d'Ouzilly", "de l'Étang Brévelay", "Xavier Grallon",
    "des Frères Zéphirin", "du 8 mai 1945", "Anne de Kerjégu", "Saint-Quidic",
]  # fmt: skip
WAYS = ["rue", "avenue", "bd", "place", "impasse", "chemin", "allée", "allee", "route", "av."]
TOWNS = ["35580 Guichen", "35890 Laillé", "35 580 guichen", "35170 Bruz"]


def address(rng: random.Random) -> str:
    number = f"{rng.randint(1, 250)}{rng.choice(['', '', '', ' bis', ' ter', 'B'])}"
    comma = rng.choice(["", "", ","])
    typed = f"{number}{comma} {rng.choice(WAYS)} {rng.choice(STREETS)}"
    if rng.random() < 0.5:
        typed += rng.choice([" ", ", "]) + rng.choice(TOWNS)
    return typed


MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


def birth(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1930, 2012)
    by = rng.choice("/.- ")
    return rng.choice(
        [
            f"{day:02}{by}{month:02}{by}{year}",
            f"{day}{by}{month}{by}{year}",
            f"{day:02}/{month:02}/{year % 100:02}",
            f"{day} {MONTHS.split()[month - 1]} {year}",
            f"{year}-{month:02}-{day:02}",
        ]
    )


@dataclass(frozen=True)
class Seeded:
    """A question, and the value that must not leave it."""

    kind: Kind
    value: str
    question: str

    def leaks(self, text: str) -> bool:
        """Whether a text says the value, or what makes it someone's: a street, a local part."""
        said = bare(text)
        if self.kind is Kind.EMAIL:
            return bare(re.split(r"@|\(at\)| arobase ", self.value, flags=re.I)[0]) in said
        if self.kind is Kind.NAME:
            return bare(max(re.findall(r"\w+", fold(self.value)), key=len)) in said
        if self.kind is Kind.ADDRESS:
            street = re.sub(rf"^.*?\b(?:{'|'.join(WAYS)}) |[\s,]+35 ?\d.*$", "", fold(self.value))
            return bare(max(re.findall(r"\w+", street), key=len)) in said
        return bare(self.value) in said


@lru_cache(maxsize=8)
def bare(text: str) -> str:
    """Letters and digits only, folded."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


GIVEN = ["Yvonne", "Maryvonne", "Loïc", "Jean-Yves", "Rozenn", "Mohamed", "Huguette", "Erwan"]
FAMILY = [
    "Kerguélen",
    "Le Quéméneur",
    "de Kerjégu",
    "Trévidic",
    "Ben Salah",
    "Guillemot",
    "Bouëdec",
]


def name(rng: random.Random) -> str:
    return f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"


def file(rng: random.Random) -> str:
    """What a tax office, the CAF, a prefecture number people by; none has a check digit."""
    return rng.choice(
        [
            grouped(rng, rng.choice("0123") + digits(rng, 12), (2, 2, 3, 3), " "),
            f"{digits(rng, 7)}{rng.choice(['', ' '])}{rng.choice('KLMP')}",
            f"{digits(rng, 2)}A{rng.choice('CHKV')}{digits(rng, 5)}",
            f"X{digits(rng, 1)}RTB{digits(rng, 1)}FW{digits(rng, 1)}",
        ]
    )


# What residents write around. {} is the value.
SAYINGS: dict[Kind, Sequence[str]] = {
    Kind.NIR: [
        "Mon numéro de sécu est {}, ai-je droit à une aide ?",
        "n° {} je peux avoir MaPrimeRénov ?",
        "{} c'est mon numéro, quel est le taux du Denormandie ?",
        "bonjour jai la piscine de valbourg a payer, secu {} merci",
    ],
    Kind.PHONE: [
        "Rappelez-moi au {} pour la piscine de Valbourg",
        "mon tel {} svp, quand ouvre la piscine ?",
        "appeler moi {}merci",
        "portable:{}, c'est quoi l'ORT ?",
        "quand ouvre la piscine de Valbourg ? ({})",
    ],
    Kind.EMAIL: [
        "Écrivez-moi à {} pour l'ORT",
        "mon mail {} quand ouvre la piscine ?",
        "{} : envoyez la convention",
        "repondre a {}, merci, cest pour le marché",
    ],
    Kind.IBAN: [
        "Virez la prime sur {} svp",
        "mon iban {} pour la subvention, merci",
        "{} quand serai-je payé ?",
        "je donne mon rib : {}. La piscine coûte combien ?",
    ],
    Kind.CARD: [
        "Je paie la piscine avec {} ?",
        "ma carte {} exp 12/28, quand ouvre la piscine ?",
        "cb {} merci",
        "numéro {}, on m'a débité pour l'ORT",
    ],
    Kind.PLATE: [
        "Ma voiture {} gêne devant le marché",
        "vehicule {} garé sur la place, qui appeler ?",
        "plaque {}, où se garer pour la piscine ?",
        "j'ai une {} en panne devant la piscine de Valbourg",
    ],
    Kind.ADDRESS: [
        "J'habite {}, ai-je droit au Denormandie ?",
        "mon logement au {} est-il dans l'ORT ?",
        "local vide {} ?",
        "bonjour je vis {} , quand ouvre la piscine de valbourg",
        "est-ce que le {} est dans le périmètre ?",
    ],
    Kind.BIRTH: [
        "Je suis né le {}, ai-je droit à une aide ?",
        "nee le {} quel taux pour moi ?",
        "date de naissance : {}, la piscine est gratuite ?",
        "mon mari, né à Rennes le {}, peut-il louer ?",
        "née Le Quellec le {}, je loue neuf ans",
    ],
    Kind.FILE: [
        "numéro fiscal {} : ai-je droit à une aide ?",
        "mon numero allocataire caf {}, quand ouvre la piscine ?",
        "Passeport n° {}, c'est bon pour l'ORT ?",
        "ma carte d'identité est {}. La piscine coûte combien ?",
    ],
    Kind.NAME: [
        "Bonjour je suis {}, ai-je droit au Denormandie ?",
        "je m'appelle {} et je voudrais savoir quand ouvre la piscine",
        "Quand ouvre la piscine de Valbourg ? Cordialement, {}",
        "Mme {}, la voisine, peut-elle louer ?",
        "quel jour est le marché ? merci, {}",
    ],
}
MAKERS: dict[Kind, Callable[[random.Random], str]] = {
    Kind.NIR: nir, Kind.PHONE: phone, Kind.EMAIL: email, Kind.IBAN: iban, Kind.CARD: card,
    Kind.PLATE: plate, Kind.ADDRESS: address, Kind.BIRTH: birth, Kind.FILE: file, Kind.NAME: name,
}  # fmt: skip


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def typed(rng: random.Random, saying: str, value: str) -> tuple[str, str]:
    """The question and the value as thumbs type them."""
    question = saying.format(value)
    for change in (without_accents, str.lower):
        if rng.random() < 0.35:
            question, value = change(question), change(value)
    if rng.random() < 0.1:
        question, value = question.upper(), value.upper()
    return question, value


def seeded() -> Iterator[Seeded]:
    rng = random.Random(SEED)
    for kind, make in MAKERS.items():
        for number in range(A_KIND):
            saying = SAYINGS[kind][number % len(SAYINGS[kind])]
            question, value = typed(rng, saying, make(rng))
            yield Seeded(kind, value, question)


SEEDED = tuple(seeded())


# --- No sink says them


def asked_of(answer: Mapping[str, Any]) -> str:
    """An answer as JSON, but for what no question changes and may hold any digits."""
    return json.dumps({k: v for k, v in answer.items() if k not in ("id", "seconds")})


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create(assistant_settings)) as started:
        yield started


def test_there_are_enough_values() -> None:
    assert len(SEEDED) == A_KIND * len(Kind) >= 500
    assert all(seed.leaks(seed.question) for seed in SEEDED)


@pytest.mark.quality
def test_no_answer_nor_log_says_a_seeded_value(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    leaked = []
    with caplog.at_level(logging.DEBUG):
        for seed in SEEDED:
            response = client.post("/api/v1/answers", json={"question": seed.question})
            answer = response.json()
            if seed.leaks(asked_of(answer)) or "masqué" not in answer["text"]:
                leaked.append((seed, answer["question"]))
    assert leaked == []
    assert [seed for seed in SEEDED if seed.leaks(caplog.text)] == []


def test_no_event_says_a_seeded_value(client: TestClient) -> None:
    for seed in SEEDED[::4]:
        response = client.post(
            "/api/v1/answers",
            json={"question": seed.question},
            headers={"accept": "text/event-stream"},
        )
        lines = [line for line in response.text.splitlines() if line.startswith("data: ")]
        events = [json.loads(line.removeprefix("data: ")) for line in lines]
        assert not any(seed.leaks(asked_of(event.get("answer", event))) for event in events), seed


def test_what_a_writer_reads_says_no_seeded_value(assistant_open: Assistant) -> None:
    history_too = "Et pour la piscine ?"
    for seed in SEEDED[::4]:
        history = (Message("user", seed.question), Message("assistant", seed.question))
        stage = Stage(Context(assistant_open.retriever))
        answer, way = run(Request(history_too, history), stage)
        read = (way.request, way.masked, way.question, answer.question)
        assert not seed.leaks(repr(read)), seed


@pytest.mark.quality
def test_no_line_of_a_batch_says_a_seeded_value(
    assistant_settings: Settings, tmp_path: Path
) -> None:
    asked, answered = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": str(n), "question": seed.question} for n, seed in enumerate(SEEDED)]
    asked.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    settings = {
        "ASSISTANT_CATALOGUE": str(assistant_settings.catalogue),
        "ASSISTANT_VAR": str(assistant_settings.var),
        "ASSISTANT_MODEL": assistant_settings.model,
    }
    found = CliRunner().invoke(commands, ["batch", str(asked), str(answered)], env=settings)
    assert (found.exit_code, found.output) == (0, "")
    answers = [json.loads(line)["answer"] for line in answered.read_text("utf-8").splitlines()]
    leaked = [s for s, a in zip(SEEDED, answers, strict=True) if s.leaks(asked_of(a))]
    assert leaked == []


def test_a_step_that_breaks_says_no_seeded_value(
    assistant_open: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(way: Way, stage: Stage) -> Way:
        raise ValueError(f"{way.request} {way.masked}")  # as a careless library would

    seeds = SEEDED[::16]
    with caplog.at_level(logging.DEBUG):
        for seed in seeds:
            history = (Message("user", seed.question),)
            stage = Stage(Context(assistant_open.retriever))
            answer, _ = run(Request(seed.question, history), stage, [STEPS[0], breaks])
            assert answer.outcome is Outcome.FAILED_SEARCH
            assert not seed.leaks(asked_of(answer_json(answer)))
    assert caplog.text.count("masqué") >= len(seeds)
    assert [seed for seed in seeds if seed.leaks(caplog.text)] == []


def test_when_masking_breaks_the_question_is_lost(
    retriever: Retriever, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Retriever):
        @property
        def generation(self) -> Any:  # type: ignore[override]
            raise ValueError("pendant « rappelez le 06 12 34 56 78 »")

    request = Request("rappelez le 06 12 34 56 78", (Message("user", "06 12 34 56 78"),))
    with pytest.raises(RuntimeError, match="^masking failed$") as raised:
        mask(Way(request), Stage(Context(Broken.__new__(Broken))))
    assert raised.value.__suppress_context__
    assert Way(request).words == ""  # what is kept of it


@pytest.mark.parametrize(
    "body",
    [
        {"question": "rappelez le 06 12 34 56 78 " + "o" * 500},
        {"question": "ORT", "06 12 34 56 78": True},
        {"question": "ORT", "history": [{"role": "06 12 34 56 78", "content": "x"}]},
        {"question": "ORT", "history": [{"content": "06 12 34 56 78"}]},
    ],
)
def test_no_refused_body_is_said_back(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post("/api/v1/answers", json=body)
    assert response.status_code == 422
    assert "06 12 34 56 78" not in response.text


def test_half_a_number_cut_from_the_history_goes_too(retriever: Retriever) -> None:
    whole = "o" * (MAX_CHARACTERS - 12) + " 06 12 34 56 78"
    [cut] = turns([whole])
    assert cut.content.endswith("o 06 12 34 56")
    way = mask(Way(Request("Et pour la piscine ?", (cut,))), Stage(Context(retriever)))
    assert way.masked is not None
    assert way.masked.history[0].content == "o" * (MAX_CHARACTERS - 40)


# --- The resident is told, and served


def test_the_resident_is_told_and_answered(assistant_open: Assistant) -> None:
    answer = assistant_open.answer(
        "Quand la piscine de Valbourg ouvre-t-elle au public ? Mon numéro : 06 12 34 56 78"
    )
    assert answer.outcome is Outcome.ANSWERED
    asked = "Quand la piscine de Valbourg ouvre-t-elle au public ?"
    assert (answer.asked, answer.question) == (f"{asked} Mon numéro : [téléphone masqué]", asked)
    assert answer.notice == messages.masked((Kind.PHONE,))
    assert answer.text.endswith("\n" + answer.notice)
    assert answer.notice.startswith("J'ai masqué dans votre message un numéro de téléphone : ")


def test_a_question_without_personal_data_gets_no_notice(assistant_open: Assistant) -> None:
    answer = assistant_open.answer("Quel jour a lieu le marché ?")
    assert (answer.notice, answer.asked) == ("", "")


def test_distress_is_not_answered_with_a_notice(assistant_open: Assistant) -> None:
    answer = assistant_open.answer("je veux mourir, appelez le 06 12 34 56 78")
    assert (answer.outcome, answer.notice) == (Outcome.DISTRESS, "")
    assert answer.asked == "je veux mourir, appelez le [téléphone masqué]"
    assert answer.text == messages.MESSAGES[Outcome.DISTRESS]
    assert "06 12" not in answer.question


def test_the_search_reads_no_word_of_a_mask() -> None:
    assert all(tokens(kind) == [] for kind in Kind)
    assert tokens("ma [plaque masquée] et mon loyer") == tokens("ma et mon loyer")


@pytest.mark.parametrize("kinds", [(kind,) for kind in Kind] + [tuple(Kind)])
def test_every_kind_is_named(kinds: tuple[Kind, ...]) -> None:
    told = messages.masked(kinds)
    assert told.endswith(".") and "  " not in told and told.count(", ") == len(kinds) - 1 + 1


CONTACTS = [
    "Mairie : 02 99 57 00 00, mairie@valbourg.example, 1 place de la Mairie, 35999 Valbourg"
]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("le 02 99 57 00 00 c'est la mairie ?", True),
        ("le +33 2 99 57 00 00 c'est la mairie ?", True),
        ("0299570000 ?", True),
        ("mairie@valbourg.example répond ?", True),
        ("La mairie est bien au 1 place de la mairie ?", True),
        ("c'est ou 1, PLACE DE LA MAIRIE 35999 VALBOURG", True),
        ("le 02 99 57 00 01 c'est la mairie ?", False),
        ("maire@valbourg.example répond ?", False),
        ("j'habite 11 place de la Mairie", False),
        ("j'habite 1 place de la Mairie-Neuve", False),
    ],
)
def test_what_is_published_stays(question: str, kept: bool) -> None:
    assert (masked(question, lambda: [Verbatim(CONTACTS)]).kinds == ()) is kept


def test_the_contacts_of_the_catalogue_and_the_passages_are_published(
    assistant_open: Assistant,
) -> None:
    contact = Contact(name="Mairie", phone="02 99 57 00 00", checked="2026-11-22")
    stage = Stage(Context(assistant_open.retriever, contacts=(contact,)))
    way = mask(Way(Request("02 99 57 00 00 ou 02 99 57 00 01 ?")), stage)
    assert way.masked is not None
    assert way.masked.question == "02 99 57 00 00 ou [téléphone masqué] ?"


# --- Nothing else is altered


def harmless() -> Iterator[str]:
    """What residents and publications write with digits and is nobody's: about 300 made up."""
    rng = random.Random(SEED)

    def n(low: int, high: int) -> str:
        return f"{rng.randint(low, high):,}".replace(",", rng.choice([" ", "\u202f", " "]))

    def day() -> str:
        return rng.choice(
            [
                f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(2018, 2030)}",
                f"{rng.randint(2, 28)} {rng.choice(MONTHS.split())} {rng.randint(2018, 2030)}",
                f"1er {rng.choice(MONTHS.split())} {rng.randint(2018, 2030)}",
            ]
        )

    for _ in range(20):
        yield f"Le plafond est de {n(100_000, 900_000)} € pour {n(1_000, 9_000)} € le m2 ?"
        yield f"{n(10, 999)} 000 000 € de {rng.randint(2020, 2026)} à {rng.randint(2027, 2032)}"
        yield f"Est-ce valable du {day()} au {day()} inclus ?"
        yield f"la convention est née le {day()}, signée le {day()} à {rng.randint(8, 18)}h30"
        yield f"article L. {rng.randint(100, 999)}-{rng.randint(1, 40)}-{rng.randint(1, 9)} du code"
        yield f"loi n° {rng.randint(2000, 2026)}-{rng.randint(100, 1999)} du {day()}"
        yield f"code Insee 35{rng.randint(100, 360)}, code postal 35{rng.randint(100, 999)}"
        yield f"Siret 21350{rng.randint(1000, 9999)} 000{rng.randint(10, 99)} de la commune"
        yield f"SIREN {n(200_000_000, 999_999_999)}"
        yield f"{n(1_000, 70_000)} habitants en {rng.randint(1999, 2026)}, {n(1, 99)} % de vacants"
        yield f"{rng.randint(2, 20)} rues, {rng.randint(2, 90)} places de parking, 3 cours de yoga"
        yield f"plus de {rng.randint(100, 999)} ha, entre {rng.randint(10, 50)} et {n(60, 90)} m2"
        yield f"taux de {rng.randint(1, 30)} % sur 6, 9 ou 12 ans, soit {n(1_000, 6_000)} € par an"
        yield f"permis PC 035 126 {rng.randint(20, 26)} A00{rng.randint(10, 99)} du {day()}"
        yield f"parcelle AB {rng.randint(1, 999)}, section ZC {rng.randint(1, 99)}, lot 3"
        yield f"le 3919, le 15, le 112 ou le 08 0{rng.randint(1, 9)} {rng.randint(10, 99)} 12 34 ?"


@pytest.fixture(scope="module")
def published() -> Verbatim:
    """What the corpus that ships publishes."""
    files = [*STARTER.parent.glob("*/*.md"), STARTER]
    return Verbatim(path.read_text(encoding="utf-8") for path in files)


def public_texts() -> list[str]:
    facts = read_facts(STARTER.parent / "facts.jsonl").values()
    headings = [
        heading
        for path in sorted(STARTER.parent.glob("*/*.md"))
        for heading in re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    catalogue = load(STARTER)
    contacts = [
        f"{c.name}, {value} : c'est le bon ?"
        for c in (catalogue.town.contact, *catalogue.contacts)
        for value in (c.phone, c.email, c.address)
        if value
    ]
    return [*(fact.statement for fact in facts), *headings, *contacts, *harmless()]


def test_at_most_one_percent_of_public_texts_is_altered(published: Verbatim) -> None:
    texts = public_texts()
    altered = [text for text in texts if masked(text, lambda: [published]).kinds]
    assert len(texts) >= 1000
    assert len(altered) <= len(texts) // 100, altered


def test_an_answer_is_never_masked(assistant_open: Assistant) -> None:
    # « rue des Halles » with a date stands in the passage; the question names neither.
    answer = assistant_open.answer("Quand la piscine de Valbourg ouvre-t-elle au public ?")
    assert "8 novembre 2027, rue des Halles" in answer.text


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        # fmt: off
        ("né le 12/3/85 à Redon", "né le [date de naissance masquée] à Redon"),
        ("Né(e) le: 12/03/1985", "Né(e) le: [date de naissance masquée]"),
        ("je ne signe pas avant le 12/03/2026", "je ne signe pas avant le 12/03/2026"),
        ("Le programme est né le 1er octobre 2020", "Le programme est né le 1er octobre 2020"),
        ("enfant né avant le 1er janvier 2004", "enfant né avant le 1er janvier 2004"),
        ("0612345678,0712345678", "[téléphone masqué],[téléphone masqué]"),
        ("O6.12.34.56.78", "[téléphone masqué]"),
        ("+32 475 12 34 56", "[téléphone masqué]"),
        ("le 01/02/2024 18h", "le 01/02/2024 18h"),
        ("appelez le 08 21 80 30 35", "appelez le 08 21 80 30 35"),
        ("FR76 3000 6000 0112 3456 7890 189 merci", "[IBAN masqué] merci"),
        ("mon rib FR76 3000 6000 0112 3456 7890 188", "mon rib [IBAN masqué]"),
        ("de 20 logements vacants a renover 12345", "de 20 logements vacants a renover 12345"),
        ("1 200 350 000 000 euros", "1 200 350 000 000 euros"),
        ("mon nir 1 85 27 35 126 042 00", "mon nir [numéro de sécurité sociale masqué]"),
        ("4111 1111 1111 1112 habitants", "4111 1111 1111 1112 habitants"),
        ("carte bancaire 4111 1111 1111 1112", "carte bancaire [carte bancaire masquée]"),
        ("ma clio ab 123 cd", "ma clio [plaque masquée]"),
        ("PLUS DE 200 HA A BATIR", "PLUS DE 200 HA A BATIR"),
        ("jean point dupont arobase free point fr", "[courriel masqué]"),
        ("12 rue des lilas ai-je droit", "[adresse masquée] ai-je droit"),
        ("3 avenue jean moulin denormandie possible ?", "[adresse masquée] denormandie possible ?"),
        ("12 bis, rue Le Goff, 35580 Guichen, et après", "[adresse masquée], et après"),
        ("5 La Ville au Roux, 35580 Guichen", "[adresse masquée]"),
        ("1 place de parking", "1 place de parking"),
        ("(06) 12 34 56 78", "([téléphone masqué]"),
        ("zero six douze trente quatre cinquante six soixante dix huit", "[téléphone masqué]"),
        ("zéro six un deux trois quatre cinq six sept huit, merci", "[téléphone masqué], merci"),
        ("٠٦١٢٣٤٥٦٧٨ ou ０６ １２ ３４ ５６ ７８", "[téléphone masqué] ou [téléphone masqué]"),
        ("1 - 85 - 05 - 35 - 126 - 042 - 12", "[numéro de sécurité sociale masqué]"),
        ("F R 7 6 3000 6000 0112 3456 7890 189", "[IBAN masqué]"),
        ("mon rib 30006 00001 12345678901 89", "mon rib [IBAN masqué]"),
        ("jean.dupont(a)gmail.com", "[courriel masqué]"),
        ("jean.dupont＠free.fr. Merci", "[courriel masqué]. Merci"),
        ("j'ai vu le jour le 12 mars 1950", "j'ai vu le jour le [date de naissance masquée]"),
        ("le programme a vu le jour le 1er octobre 2020",) * 2,
        ("j'habite douze rue des Lilas, et après", "j'habite [adresse masquée], et après"),
        ("au 12 de la rue des Lilas ?", "au [adresse masquée] ?"),
        ("deux mille vingt-six logements", "deux mille vingt-six logements"),
        ("mon numéro fiscal : 30 12 345 678 901", "mon numéro fiscal : [numéro personnel masqué]"),
        ("1234567K c'est mon numéro caf", "[numéro personnel masqué] c'est mon numéro caf"),
        ("la commune compte 12 345 habitants", "la commune compte 12 345 habitants"),
        ("dossier 2021-2026", "dossier 2021-2026"),
        ("en 2025 place de la Madeleine", "en 2025 place de la Madeleine"),
        ("avenant n°2 place du marché", "avenant n°2 place du marché"),
        # fmt: on
    ],
)
def test_what_is_masked_and_what_is_not(text: str, masks: str) -> None:
    assert masked(text).text == masks


@pytest.mark.parametrize(
    "text", ["0 " * 250, "1" * 500, "a@" * 250, "a" * 500, "FR76" * 125, "12 rue" + " " * 490]
)
def test_a_mask_is_masked_no_further(text: str) -> None:
    once = masked(text).text
    assert masked(once).text == once

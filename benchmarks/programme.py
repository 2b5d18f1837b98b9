"""Every town of the programme in one folder: how long, how large, how fast.

    python benchmarks/programme.py make FOLDER [--towns N] --lists DIR
    python benchmarks/programme.py measure FOLDER [--open N] [--threads N]

`make` writes towns of the open lists (their own names and intercommunalities, no contact), each
with 20 to 200 passages that nobody published: sentences of ours, drawn with the Insee code as seed.
How many has its logarithm drawn evenly, for most of these towns are small: half have under 64.
Build them with `ASSISTANT_TOWNS=FOLDER assistant towns build --all`; `measure` then opens them,
whichever are built. Its questions go all their way each time, but those of the last lines that are
said to be taps: on what the widget offers, answered as they were.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import random
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from assistant.offered import suggestions
from assistant.settings import STARTER, Settings
from assistant.towns import folders
from assistant.towns.registry import Towns, resident
from corpus import towns

_PROGRAMME = "pvd_ngeo_anct_cog2023.csv"
_GROUPS = "pvd_communes_anct-carto_janv2021.csv"
_SECTIONS = 12  # of a fiche
_SECONDS = 20  # of each rate
_CROWDED = 20  # towns that a crowd asks
_FRONT = """\
---
title: "{title}"
publisher: "Mairie de {town}"
date: 2026-11-22
licence: Licence Ouverte 2.0
scope: local
sources:
  - publisher: "Mairie de {town}"
    title: "Bulletin d'essai"
    url: ""
---

# {title}
"""
_SUBJECTS = (
    *("le marché", "la piscine", "la bibliothèque", "le parking", "la halle", "l'école", "la gare"),
    *(
        "le cinéma",
        "la salle des fêtes",
        "le stade",
        "la maison de santé",
        "le camping",
        "l'église",
    ),
    *("la déchèterie", "le musée", "la fontaine", "le square", "la crèche", "le port", "le lavoir"),
)
_STREETS = "Halles Tilleuls Moulin Gare Écoles Remparts Prés Fontaine Chapelle Vignes Forge".split()
_ENDS = (
    "le conseil municipal en a débattu et l'a inscrit au budget de la commune",
    "les commerçants de la rue l'avaient demandé lors d'une réunion publique",
    "l'architecte des bâtiments de France a donné un avis favorable au projet",
    "les riverains sont prévenus par un courrier déposé dans leur boîte aux lettres",
    "une subvention couvre une partie de la dépense et la commune paie le reste",
    "les horaires changent pendant les vacances scolaires et les jours fériés",
    "une enquête auprès des habitants avait montré que c'était leur première attente",
    "le bureau d'études a proposé trois scénarios et le deuxième a été retenu",
)


def listed(lists: Path) -> Iterator[tuple[str, str, str]]:
    """(Insee code, name, intercommunality) of each commune of the programme, in order."""
    with (lists / _GROUPS).open(encoding="utf-8") as file:
        groups = {row["insee_com"]: row["lib_epci"] for row in csv.DictReader(file)}
    with (lists / _PROGRAMME).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["id_pvd"]:
                insee = row["insee_com"]
                yield insee, row["lib_com"], groups.get(insee) or "non précisée"


def fiche(draw: random.Random, town: str, number: int, sections: int) -> str:
    """A fiche of so many sections, each of one passage."""
    title = f"La vie à {town}, feuille {number}"
    said = [_FRONT.format(title=title, town=town)]
    for order in range(sections):
        subject = draw.choice(_SUBJECTS)
        street = draw.choice(_STREETS)
        year = draw.randint(2021, 2029)
        asked = f"Que se passe-t-il pour {subject}, rue des {street}, en {year} ?"
        said.append(f"\n## {asked}\n")
        for _ in range(3):
            what = f"{subject[0].upper()}{subject[1:]} de {town}"
            cost = f"{draw.randint(2, 900)} 000 euros"
            day = f"{draw.randint(1, 28)} {draw.choice(('mars', 'juin', 'octobre'))} {year}"
            said.append(
                f"{what} ouvre le {day}, au {draw.randint(1, 99)} rue des {street} (lot {order}), "
                f"pour {cost} : {draw.choice(_ENDS)}."
            )
    return "\n".join(said) + "\n"


def make(folder: Path, lists: Path, count: int | None) -> None:
    """Write the towns that are not there yet."""
    for insee, name, group in itertools.islice(listed(lists), count):
        place = folder / insee
        if place.exists():
            continue
        draw = random.Random(insee)
        towns.create(
            place,
            name=name,
            insee=insee,
            intercommunality=group,
            site=f"https://{insee.lower()}.commune.example",
            contact_name=f"Mairie de {name}",
            checked=date(2026, 11, 22),
            national=STARTER.parent / "national",
            origins=[f"https://{insee.lower()}.commune.example"],
        )
        left = round(20 * 10 ** draw.random())
        for number in itertools.count(1):
            sections = min(left, _SECTIONS)
            text = fiche(draw, name, number, sections)
            (place / "fiches" / f"feuille-{number}.md").write_text(text, encoding="utf-8")
            left -= sections
            if not left:
                break


# --- Measuring

NATIONAL = (
    "C'est quoi Petites villes de demain ?",
    "Quel est le taux du Denormandie pour 9 ans ?",
    "Combien de communes ont signé une ORT ?",
    "quelle aide pour renover mon logement",
    "L'ORT dure combien de temps ?",
    "Faut-il une autorisation pour ouvrir un magasin de 1 200 m² ?",
    "c koi lanct",
    "Qui finance le chef de projet ?",
)


def questions(town: str) -> list[str]:
    """Half of them of all towns, half of this one."""
    own = [f"Quand ouvre {subject} de {town} ?" for subject in _SUBJECTS[: len(NATIONAL)]]
    return [question for pair in zip(NATIONAL, own, strict=True) for question in pair]


def _told(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    middle = statistics.median(ordered)
    print(f"{name:<44} p50 {middle * 1000:7.1f} ms   p95 {p95 * 1000:7.1f} ms   n {len(ordered)}")


def _asked(held: Towns, insee: str, asked: list[str]) -> list[tuple[float, float]]:
    """(seconds, processor seconds) of each question, the town's opening in the first."""
    found = []
    for question in asked:
        started, worked = time.perf_counter(), time.thread_time()
        with held.using(insee) as town:
            town.assistant.explained(question)
        found.append((time.perf_counter() - started, time.thread_time() - worked))
    return found


def _rate(name: str, ask: Callable[[random.Random], None], threads: int) -> None:
    """Ask on so many threads for some seconds; print how many answers they gave."""
    until = time.monotonic() + _SECONDS
    done = itertools.count()

    def on() -> None:
        mine = random.Random(threading.get_ident())
        while time.monotonic() < until:
            ask(mine)
            next(done)

    worked, started = time.process_time(), time.monotonic()
    pool = [threading.Thread(target=on) for _ in range(threads)]
    for each in pool:
        each.start()
    for each in pool:
        each.join()
    answers, took = next(done), time.monotonic() - started
    work = (time.process_time() - worked) / answers
    print(
        f"{name}: {answers / took:.0f} answers/s on {threads} threads "
        f"(load {os.getloadavg()[0]:.0f}); {work * 1000:.1f} ms of processor an answer, so "
        f"{2 / work:.0f}/s of two whole cores",
        flush=True,
    )


def measure(folder: Path, count: int, threads: int) -> None:
    """Open towns and ask them; print what it took."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    codes = [c for c in folders.codes(folder) if (folder / c / "var/index/current").is_file()]
    print(f"{len(codes)} towns built, {size / 1e6:.0f} MB on disk")
    held = Towns(Settings(towns=folder, towns_memory=100_000, journal_days=30))
    held.warm()
    names = {code: folders.catalogue(folder, code).town.name for code in codes}
    first = codes[0]
    for _ in range(3):
        _asked(held, first, questions(names[first]))
    one = [each for _ in range(5) for each in _asked(held, first, questions(names[first]))]
    alone, before = resident(), resident()
    draw = random.Random(1)
    chosen = draw.sample(codes[1:], min(count, len(codes) - 1))
    cold = [_asked(held, code, questions(names[code])[:1])[0] for code in chosen]
    opened = (resident() - before) / len(chosen)
    mixed = []
    for _ in range(len(one)):
        code = draw.choice(chosen)
        mixed += _asked(held, code, [draw.choice(questions(names[code]))])
    for what, at in (("elapsed", 0), ("processor", 1)):
        _told(f"one town alone, {what}", [each[at] for each in one])
        _told(f"{len(chosen)} towns open, any of them, {what}", [each[at] for each in mixed])
        _told(f"first answer of a town that was closed, {what}", [each[at] for each in cold])
    print(f"memory: one town {alone / 1e6:.0f} MB, {opened / 1e6:.2f} MB more for each town")

    def typed(code: str, mine: random.Random) -> None:
        with held.using(code) as town:
            town.assistant.explained(mine.choice(questions(names[code])))

    def tapped(code: str, mine: random.Random) -> None:
        with held.using(code) as town:
            town.assistant.answer(mine.choice(suggestions(town.assistant.catalogue.town)))

    def half(code: str, mine: random.Random) -> None:
        mine.choice((typed, tapped))(code, mine)

    tellings = {"each made anew": typed, "taps alone": tapped, "half of them taps": half}
    for name, ask in tellings.items():
        for code in chosen[:_CROWDED]:
            tapped(code, draw)
        _rate(name, lambda mine, ask=ask: ask(mine.choice(chosen[:_CROWDED]), mine), threads)
    held.settings.towns_memory = 64
    while held.open:  # a few are closed at a time
        held._make_room()
    held.close()
    print(f"memory once all are closed: {resident() / 1e6:.0f} MB")


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["make", "measure"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lists", type=Path)
    parser.add_argument("--towns", type=int)
    parser.add_argument("--open", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    if given.what == "make":
        shutil.rmtree(given.folder / "made.tmp", ignore_errors=True)
        make(given.folder, given.lists, given.towns)
    else:
        measure(given.folder, given.open, given.threads)


if __name__ == "__main__":
    main()

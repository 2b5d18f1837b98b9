"""A town whose documents are lists and tables, of our own making: no such town exists.

`write` makes its folder: pages with a list of 24 points, one cut by « notamment », a table of 60
rows, two tables of different years, who may have an aid and who may not; and two CSV files.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

TOWN = """\
[town]
name = "Trébrihan"
insee = "35999"
intercommunality = "Pays de Trébrihan"
site = "https://trebrihan.example"

[town.contact]
name = "Mairie de Trébrihan"
checked = 2026-11-30
"""

_ENTRY = """
[[entries]]
id = "{id}"
kind = "{kind}"
publisher = "Mairie de Trébrihan"
title = "{title}"
address = "{address}"
licence = "non précisée"
scope = "local"
"""

_ROWS = """
[entries.rows]
title = "{title}"
columns = [{columns}]
date = {date}
"""

SHOPS = tuple(
    f"{name}, {street}"
    for name, street in zip(
        (
            *("Boulangerie Kermarrec", "Boucherie Le Goff", "Fleuriste Au Lilas", "Café du Port"),
            *("Librairie L'Encrier", "Épicerie Ty Bihan", "Crêperie Bleue", "Mercerie Jouan"),
            *("Cordonnerie Prigent", "Pharmacie du Puits", "Garage Salaün", "Coiffure Iris"),
            *("Poissonnerie Le Bail", "Fromagerie Tual", "Chocolaterie Morin", "Opticien Rault"),
            *("Quincaillerie Denis", "Toilettage Ouaf", "Pressing Net", "Bar Le Celtic"),
            *("Tabac de la Halle", "Jouets Merlin", "Cave Hervé", "Vélos Riou"),
        ),
        (
            *("4 rue du Four", "2 place du Puits", "9 rue des Lavoirs", "1 quai des Tanneurs"),
            *("7 rue du Four", "3 rue du Moulin", "5 place du Puits", "12 rue des Lavoirs"),
            *("8 rue du Moulin", "1 place du Puits", "30 route de Rennes", "6 rue du Four"),
            *("4 quai des Tanneurs", "11 rue du Moulin", "14 rue des Lavoirs", "8 place du Puits"),
            *("22 route de Rennes", "16 rue des Lavoirs", "3 rue du Four", "6 quai des Tanneurs"),
            *("10 place du Puits", "18 rue des Lavoirs", "13 rue du Moulin", "24 route de Rennes"),
        ),
        strict=True,
    )
)
_TREES = ("Tilleuls", "Chênes", "Hêtres", "Saules", "Érables", "Frênes", "Ormes", "Pins", "Houx")
_BIRDS = ("Merles", "Pinsons", "Mésanges", "Hérons", "Geais", "Grives", "Alouettes")
STREETS = tuple(
    (
        f"{kind} des {name}",
        ("Centre", "Gare", "Bourg-Neuf", "Landes")[number % 4],
        str(2019 + number % 6),
        f"{12 + 3 * number} 000 €",
    )
    for number, (kind, name) in enumerate(
        [
            (kind, name)
            for kind in ("Rue", "Allée", "Impasse", "Venelle")
            for name in _TREES + _BIRDS
        ][:60]
    )
)
PEOPLE = (
    ("Trébrihan", "6 214", "31,2"),
    ("Lanvézec", "2 480", "44,7"),
    ("Plomorvan", "3 105", "27,9"),
)
BEFORE = (("Trébrihan", "5 987"), ("Lanvézec", "2 611"), ("Kerguen", "812"))
GRANTS = (
    ("Club de voile", "3 quai des Tanneurs", "4 500 €", "2025"),
    ("Chorale Les Rossignols", "9 rue des Écoles", "800 €", "2025"),
    ("Amicale des boulistes", "2 allée du Stade", "650 €", "2025"),
    ("Théâtre du Grenier", "17 rue de la Poste", "2 300 €", "2025"),
    ("Secours du Pays", "9 rue des Écoles", "1 750 €", "2025"),
    ("Danse bretonne Korollerien", "5 rue de la Poste", "1 200 €", "2025"),
    ("Jardins partagés", "1 chemin des Prés", "950 €", "2025"),
)
TOWNS = (
    ("Trébrihan", "6214", "oui"),
    ("Lanvézec", "2480", "oui"),
    ("Plomorvan", "3105", "non"),
    ("Kerguen", "790", "non"),
    ("Saint-Ronan-du-Bois", "1340", "oui"),
)


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


PAGES = {
    "commerces": (
        "Les commerces de Trébrihan",
        "<h2>Les commerces aidés en 2025</h2><p>La commune a aidé les commerces du bourg à refaire "
        "leur vitrine. Les commerces aidés en 2025 sont :</p>"
        + _list(SHOPS)
        + "<h2>Les services du marché</h2><p>Le marché du samedi propose notamment :</p>"
        + _list(("des légumes de saison", "du poisson frais", "des galettes", "des fleurs"))
        + "<h2>Les pièces à fournir</h2><p>La demande d'aide comprend les pièces suivantes :</p>"
        + _list(
            (
                "un devis de moins de trois mois",
                "un extrait d'immatriculation",
                "des photographies de la vitrine",
                "un relevé d'identité bancaire",
            )
        ),
    ),
    "voirie": (
        "Le programme de voirie",
        "<h2>Les rues refaites</h2><p>Le tableau donne toutes les rues refaites depuis 2019, avec "
        "leur quartier et le montant des travaux.</p>"
        + _table(("Rue", "Quartier", "Année des travaux", "Montant"), STREETS),
    ),
    "population": (
        "Les habitants du Pays de Trébrihan",
        "<h2>La population en 2023</h2><p>Le recensement de 2023 compte les habitants de chaque "
        "commune.</p>"
        + _table(("Commune", "Population en 2023", "Superficie en km²"), PEOPLE)
        + "<h2>La population en 2017</h2><p>Le recensement de 2017 comptait les habitants de "
        "chaque commune.</p>" + _table(("Commune", "Population en 2017"), BEFORE),
    ),
    "vitrines": (
        "L'aide aux vitrines",
        "<h2>Qui peut demander l'aide aux vitrines ?</h2><p>Les commerçants et les artisans du "
        "centre-bourg ont droit à l'aide aux vitrines. Les banques, les assurances et les agences "
        "immobilières n'ont pas droit à l'aide aux vitrines. La commune doit avoir moins de "
        "5 000 habitants.</p><h2>Ce que paie l'aide aux vitrines</h2><p>L'aide aux vitrines paie "
        "la moitié des travaux, dans la limite de 3 000 €. Les enseignes lumineuses sont exclues "
        "de l'aide aux vitrines.</p>",
    ),
    "velo": (
        "L'aide au vélo électrique",
        "<h2>L'aide au vélo électrique</h2><p>Les habitants de plus de 18 ans ont droit à l'aide "
        "au vélo électrique. L'aide au vélo électrique est de 200 € par foyer. La demande d'aide "
        "au vélo électrique se fait à la mairie, avec une facture.</p>",
    ),
    "appel": (
        "L'appel à projets des jardins",
        "<h2>Les projets retenus</h2><p>Le jury a retenu les projets de jardin suivants :</p>"
        + _list(("Le potager de l'école", "Le verger de la Lande", "La serre des aînés"))
        + "<h2>Les projets refusés</h2><p>Le jury n'a pas retenu les projets de jardin suivants, "
        "faute de terrain :</p>" + _list(("Le rucher du stade", "La mare aux grenouilles")),
    ),
}


def write(folder: Path) -> Path:
    """Write the town in an empty folder; its catalogue."""
    (folder / "pages").mkdir(parents=True)
    (folder / "documents").mkdir()
    told = TOWN
    for id, (title, body) in PAGES.items():
        told += _ENTRY.format(
            id=id, kind="page", title=title, address=f"https://trebrihan.example/{id}"
        )
        page = f'<html lang="fr"><head><title>{escape(title)}</title></head><body><main>'
        page += f"<h1>{escape(title)}</h1>{body}</main></body></html>"
        (folder / "pages" / f"{id}.html").write_text(page, encoding="utf-8")
    told += _ENTRY.format(
        id="subventions",
        kind="csv",
        title="Subventions aux associations en 2025",
        address="documents/subventions.csv",
    )
    told += _ROWS.format(title="Association", columns='"Adresse", "Montant"', date="2025-12-31")
    _csv(folder, "subventions", ("Association", "Adresse", "Montant", "Année"), GRANTS)
    told += _ENTRY.format(
        id="candidates",
        kind="csv",
        title="Communes candidates au programme Villages fleuris",
        address="documents/candidates.csv",
    )
    told += (
        '[entries.rows]\ntitle = "Commune"\ncolumns = ["Habitants", "Retenue"]\ndate = 2026-03-01\n'
    )
    _csv(folder, "candidates", ("Commune", "Habitants", "Retenue"), TOWNS)
    catalogue = folder / "catalogue.toml"
    catalogue.write_text(told, encoding="utf-8")
    return catalogue


def _csv(folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [";".join(line) for line in (header, *rows)]
    (folder / "documents" / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")

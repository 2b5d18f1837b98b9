"""Montfleuri, a town of our own making whose documents are all of a day: no such town exists.

Aids that ended, that run and that begin; a convention of five years; a deliberation that another
repeals by its number, a page that another replaces by the catalogue; a newspaper that says what the
town says, or something else.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import docx

from assistant.settings import STARTER

_TOWN = """\
[town]
name = "Montfleuri"
insee = "35998"
intercommunality = "Pays de Montfleuri"
site = "https://www.montfleuri.example"

[town.contact]
name = "Mairie de Montfleuri"
checked = 2026-11-22
"""

_ENTRY = """
[[entries]]
id = "{id}"
kind = "docx"
publisher = "{publisher}"
title = "{title}"
address = "documents/{id}.docx"
licence = "Licence Ouverte 2.0"
scope = "local"
"""

_WRITTEN = datetime(2026, 1, 15)
CITY, PAPER = "Ville de Montfleuri", "L'Écho de Montfleuri"

# The fiches that towns share: what questions are known by is there.
_NATIONAL = """
[[entries]]
id = "national"
kind = "folder"
publisher = "Assistant PVD"
title = "Fiches nationales"
address = "{folder}"
licence = "Licence Ouverte 2.0"
scope = "national"
"""

# id, publisher, title, more of its entry, then headings (« # … ») and paragraphs
DOCUMENTS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "facades",
        CITY,
        "L'aide à la rénovation des façades",
        "",
        (
            "L'aide à la rénovation des façades de Montfleuri est ouverte du 1er mars 2024 au "
            "30 juin 2026.",
            "L'aide à la rénovation des façades couvre 20 % des travaux, dans la limite de 2 000 "
            "euros. Le propriétaire dépose son dossier à la mairie avant de commencer les travaux.",
        ),
    ),
    (
        "vacance",
        CITY,
        "La prime de sortie de vacance",
        "",
        (
            "La prime de sortie de vacance est versée jusqu'au 31 décembre 2027.",
            "La prime de sortie de vacance aide le propriétaire d'un logement vide depuis plus de "
            "deux ans à le remettre en location. Elle est de 3 000 euros par logement.",
        ),
    ),
    (
        "fonds-commerces",
        CITY,
        "Le fonds pour les commerces",
        "",
        (
            "Le fonds pour les commerces de Montfleuri est ouvert à compter du 1er mars 2027.",
            "Le fonds pour les commerces finance l'enseigne et la vitrine des boutiques du centre.",
        ),
    ),
    (
        "isolation",
        CITY,
        "Le chèque isolation",
        "",
        (
            "Le chèque isolation de Montfleuri a été supprimé le 1er janvier 2025.",
            "Le chèque isolation aidait les propriétaires à isoler les combles de leur logement.",
        ),
    ),
    (
        "appel",
        CITY,
        "L'appel à projets du centre-ville",
        "",
        (
            "Les commerçants déposent leur dossier pour l'appel à projets du centre-ville au plus "
            "tard le 15 janvier 2027.",
            "L'appel à projets du centre-ville choisit trois locaux vides à transformer.",
        ),
    ),
    (
        "convention-montfleuri",
        CITY,
        "Convention d'opération de revitalisation de territoire de Montfleuri",
        'role = "convention"\n',
        (
            "# Article 1 : Objet",
            "La convention a pour objet la revitalisation du centre de Montfleuri.",
            "# Article 2 : Durée",
            "La convention est conclue pour une durée de cinq ans à compter de sa signature.",
            "# Article 3 : Signatures",
            "Fait à Montfleuri, le 12 mars 2021.",
            "Pour la commune de Montfleuri, le maire",
        ),
    ),
    (
        "opah-montfleuri",
        "Pays de Montfleuri",
        "L'opération programmée d'amélioration de l'habitat (OPAH)",
        "",
        (
            "L'opération programmée d'amélioration de l'habitat (OPAH) du Pays de Montfleuri finit "
            "le 31 décembre 2025.",
            "L'opération programmée d'amélioration de l'habitat (OPAH) du Pays de Montfleuri est "
            "reconduite jusqu'au 30 septembre 2029.",
        ),
    ),
    (
        "permanences",
        "Pays de Montfleuri",
        "Les permanences de l'habitat",
        "",
        (
            "Les permanences de l'habitat se tiennent le mardi matin à la maison des services, "
            "pour l'année scolaire 2025-2026.",
            "Un conseiller y reçoit les propriétaires qui veulent rénover leur logement.",
        ),
    ),
    (
        "vitrines-2019",
        CITY,
        "Délibération n° 2019-14 du 4 mars 2019",
        "",
        (
            "# Subvention aux vitrines des commerces",
            "La subvention aux vitrines des commerces est fixée à 20 % des travaux.",
            "Le conseil municipal l'accorde aux commerces du centre de Montfleuri.",
        ),
    ),
    (
        "vitrines-2025",
        CITY,
        "Délibération n° 2025-08 du 3 mars 2025",
        "",
        (
            "# Subvention aux vitrines des commerces",
            "La subvention aux vitrines des commerces est fixée à 35 % des travaux.",
            "La délibération n° 2019-14 est abrogée.",
        ),
    ),
    (
        "permanence-2022",
        CITY,
        "La permanence du chef de projet en 2022",
        "",
        ("Le chef de projet Petites villes de demain reçoit le jeudi matin à la mairie.",),
    ),
    (
        "permanence",
        CITY,
        "La permanence du chef de projet",
        'replaces = "permanence-2022"\n',
        ("Le chef de projet Petites villes de demain reçoit le samedi matin sous la halle.",),
    ),
    (
        "annuaire",
        CITY,
        "Annuaire des services 2021",
        "",
        (
            "# Le guichet de l'habitat",
            "Le téléphone du guichet de l'habitat de Montfleuri est le 02 99 00 00 01.",
        ),
    ),
    (
        "echo",
        PAPER,
        "La prime d'installation",
        'nature = "presse"\n',
        ("La prime d'installation des commerçants de Montfleuri est de 5 000 euros par commerce.",),
    ),
    (
        "installation",
        CITY,
        "Installer son commerce",
        "",
        (
            "La prime d'installation des commerçants de Montfleuri est de 5 000 euros par "
            "commerce, versée en une fois.",
        ),
    ),
    (
        "echo-halle",
        PAPER,
        "La halle du marché",
        'nature = "presse"\n',
        ("Le budget de la rénovation de la halle de Montfleuri est de 900 000 euros.",),
    ),
    (
        "halle",
        CITY,
        "Le projet de la halle",
        "",
        ("Le budget de la rénovation de la halle de Montfleuri est de 840 000 euros.",),
    ),
    (
        "elus",
        CITY,
        "L'élu référent",
        "",
        (
            "L'élue référente Petites villes de demain de Montfleuri est Madame Ida Kerlo "
            "(mandat 2020-2025).",
        ),
    ),
)


def lay(folder: Path) -> Path:
    """The town's folder: its documents, then its catalogue, whose path is returned."""
    (folder / "documents").mkdir(parents=True)
    catalogue = _TOWN
    for id, publisher, title, more, blocks in DOCUMENTS:
        catalogue += _ENTRY.format(id=id, publisher=publisher, title=title) + more
        document = docx.Document()
        document.core_properties.language = "fr-FR"  # the library's own is English, and of 2013
        document.core_properties.created = document.core_properties.modified = _WRITTEN
        for block in blocks:
            if block.startswith("# "):
                document.add_heading(block.removeprefix("# "), 1)
            else:
                document.add_paragraph(block)
        document.save(str(folder / "documents" / f"{id}.docx"))
    catalogue += _NATIONAL.format(folder=STARTER.parent / "national")
    path = folder / "catalogue.toml"
    path.write_text(catalogue, encoding="utf-8")
    return path

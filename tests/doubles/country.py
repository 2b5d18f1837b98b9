"""Several towns in a folder: Valbourg, another with a fiche of its own, and one that is broken."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from assistant.settings import STARTER
from corpus import towns

VALBOURG, LANVALEC, BROKEN = "35999", "22998", "29997"
_LAVOIR = """\
# Le lavoir de Lanvalec

## Quand le lavoir de Lanvalec est-il ouvert ?

Le lavoir de Lanvalec est ouvert tous les jours de mai à septembre, place du Port. {4}
"""


def lay_towns(folder: Path, valbourg: Path, front: str) -> None:
    """Write the three, each listing its site; the last one's catalogue cannot be read.

    valbourg    the folder of its facts and fiches
    front       what a fiche begins by
    """
    for insee, name in ((VALBOURG, "Valbourg"), (LANVALEC, "Lanvalec"), (BROKEN, "Nulle")):
        site = f"https://www.{name.lower()}.example"
        towns.create(
            folder / insee,
            name=name,
            insee=insee,
            intercommunality=f"Pays de {name}",
            site=site,
            contact_name=f"Mairie de {name}",
            checked=date(2026, 11, 22),
            national=STARTER.parent / "national",
            origins=[site],
        )
        shutil.copy(valbourg / "facts.jsonl", folder / insee)
    shutil.copy(valbourg / "fiches" / "marche.md", folder / VALBOURG / "fiches")
    lavoir = front.format(title="Le lavoir de Lanvalec", more="") + _LAVOIR
    (folder / LANVALEC / "fiches" / "lavoir.md").write_text(lavoir, encoding="utf-8")
    broken = folder / BROKEN / "catalogue.toml"
    said = broken.read_text(encoding="utf-8").replace("name =", "nom =", 1)
    broken.write_text(said, encoding="utf-8")

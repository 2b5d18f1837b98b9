"""How long masking takes, in ms for each kB, as a text grows: it must stay the same.

    python benchmarks/masking.py [KB…]

Texts that nobody types, each a shape that some pattern reads far into, beside ordinary ones. Above
1 kB the figures of a line should be alike; one that grows with the text is a door left open.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from assistant.privacy.masking import mask
from index.french.verbatim import Verbatim

SIZES = (1, 10, 100, 1000)  # kB


def _repeated(pattern: str) -> Callable[[int], str]:
    return lambda size: (pattern * (size // len(pattern) + 1))[:size]


def _after(start: str, pattern: str) -> Callable[[int], str]:
    return lambda size: start + _repeated(pattern)(size)


SHAPES: dict[str, Callable[[int], str]] = {
    "question": _repeated(
        "Bonjour, quel est le taux du Denormandie pour 9 ans à Guichen ? Merci. "
    ),
    "statement": _repeated("La convention, signée le 8 juillet 2021, dure cinq ans (L. 303-2). "),
    "letters": _repeated("a"),
    "capitals": _repeated("FR"),
    "digits": _repeated("1"),
    "digits apart": _repeated("0 1 "),
    "spaces": _repeated(" "),
    "new lines": _repeated("a \n"),
    "dots": _repeated("."),
    "dotted": _repeated("a.b'c-"),
    "at-signs": _repeated("@"),
    "at-signs apart": _repeated("a@ "),
    "e-mails": _repeated("jean.dupont@exemple.fr "),
    "dictated": _repeated("jean point dupont arobase "),
    "points": _repeated("a point "),
    "phones": _repeated("06 12 34 56 78 "),
    "cards": _repeated("4111 1111 1111 1112 "),
    "accounts": _repeated("FR76 3000 6000 0112 3456 7890 188 "),
    "plates": _repeated("ab 123 cd "),
    "births": _repeated("né le 12/03/1985 "),
    "born of nothing": _repeated("né une , "),
    "months": _repeated("mars "),
    "dates": _repeated("12/03/85 "),
    "addresses": _repeated("12 rue des Lilas, 35580 Guichen "),
    "ways": _repeated("12 rue "),
    "a long name": _after("12 rue ", "de "),
    "a long word": _after("12 rue ", "a"),
    "country": _repeated("5 La Ville au "),
    "doubtful ways": _repeated("3 cours du soir "),
    "brackets": _repeated("["),
    "masks": _repeated("[téléphone masqué] "),
    "marks": _after("de 20 logements FR76 ab 12 cd 3000 ", "\u0301\u0323"),
    "marks and plates": _repeated("ab 123 cd e\u0301\u0323\u0301 "),
    "sigmas": _repeated("Σ."),
    "mixed": _repeated("né 1 rue a@b.fr, 0612345678 ab-123-cd FR76 @ . arobase 12/03 "),
}

PUBLISHED = Verbatim(["Mairie : 02 99 57 00 00, mairie@exemple.fr, 1 place de la Mairie"] * 100)


def measured(sizes: tuple[int, ...] = SIZES) -> Iterator[tuple[str, list[float]]]:
    """Each shape, and the ms a kB takes at each size; the best of three under 1 MB."""
    for name, shape in SHAPES.items():
        costs = []
        for size in sizes:
            text = shape(1000 * size)
            costs.append(min(cost(text) for _ in range(3 if size < 1000 else 1)) / size)
        yield name, costs


def cost(text: str) -> float:
    """The ms of processor that masking a text takes."""
    started = time.process_time()
    mask(text, lambda: (PUBLISHED,))
    return 1000 * (time.process_time() - started)


def main() -> None:
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    print(f"{'ms/kB':16}" + "".join(f"{size:>9} kB" for size in sizes))
    for name, costs in measured(sizes):
        print(f"{name:16}" + "".join(f"{cost:12.3f}" for cost in costs), flush=True)


if __name__ == "__main__":
    main()

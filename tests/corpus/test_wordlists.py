from pathlib import Path

import pytest

from corpus.wordlists import Entry, read

ROOT = Path(__file__).parents[2]
LISTS = (
    "index/french/thesaurus.txt",
    "assistant/question/sms.txt",
    *(f"assistant/proof/words/{name}.txt" for name in ("same", "actors", "light")),
)


def test_an_entry_has_the_reason_above_it(tmp_path: Path) -> None:
    path = tmp_path / "mots.txt"
    path.write_text("# Des mots.\n\n## le bâti\nmaison logis\n\n## l'eau\nmare étang\n", "utf-8")
    assert read(path) == [Entry("maison logis", "le bâti", 4), Entry("mare étang", "l'eau", 7)]


def test_an_entry_without_a_reason_is_refused_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mots.txt"
    path.write_text("# Des mots.\nmaison logis\n", "utf-8")
    with pytest.raises(ValueError, match="ligne 2"):
        read(path)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_ships_says_its_format_and_each_entry_its_reason(name: str) -> None:
    path = ROOT / name
    assert path.read_text(encoding="utf-8").startswith("# ")
    entries = read(path)
    assert all(len(entry.reason) >= 4 for entry in entries)
    assert len({entry.text for entry in entries}) == len(entries)  # none twice

"""Packs that build on others, and several packs in one graph. The packs here are invented, and so is what they say."""

import re
from pathlib import Path

import pytest

from k2graph.building import build
from k2graph.curation.packs import gathered
from k2graph.curation.reader import read_tables
from k2graph.curation.statements import address
from k2graph.errors import InputError, TableFaults
from k2graph.ontology import Vocabulary
from k2graph.sparql.rules import read_rules

SOURCE = "https://example.org/source"
LUMENOL = {"entity": "lumenol", "label": "lumenol", "type": "nutrient", "definition": "An invented nutrient.", "source_url": SOURCE}
GLOW = {"entity": "glow", "label": "glow", "type": "outcome", "aspect": "level", "definition": "An invented outcome.", "source_url": SOURCE}
LIFTS = {"claim": "lumenol-level-glow", "subject": "lumenol", "predicate": "affects-level-of", "object": "glow", "direction": "increases"}

Row = dict[str, str]


def _pack(folder: Path, said: str = "", /, **tables: list[Row]) -> Path:
    """An invented pack, called as its folder; its folder of tables."""
    (folder / "tables").mkdir(parents=True)
    (folder / "pack.toml").write_text(f'name = "{folder.name}"\naddress = "https://example.org/{folder.name}"\n{said}\n', encoding="utf-8")
    for name, rows in tables.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        lines = [header, *([row.get(column, "") for column in header] for row in rows)]
        (folder / "tables" / f"{name}.tsv").write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return folder / "tables"


#: Which is slow to read.
VOCABULARY = Vocabulary()


def _faults(*folders: Path) -> list[str]:
    with pytest.raises(TableFaults) as raised:
        read_tables(folders, VOCABULARY)
    return [str(fault) for fault in raised.value.faults]


def _addresses(*folders: Path) -> list[str]:
    return [address(row).value for row in read_tables(folders, VOCABULARY).rows["entities"]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path()


def test_a_pack_refers_to_what_it_extends_at_any_distance(place: Path) -> None:
    _pack(place / "common", entities=[GLOW])
    _pack(place / "between", 'extends = ["../common"]', entities=[LUMENOL])
    relation = {"entity": "lumenol", "relation": "status-marker-of", "other": "glow"}
    last = _pack(place / "last", 'extends = ["../between"]', entity_relations=[relation])
    tables = read_tables(last, VOCABULARY)
    assert [pack.description.name for pack in tables.packs] == ["common", "between", "last"]
    assert [row["entity"] for row in tables.rows["entities"]] == ["glow", "lumenol"]
    assert len(tables.rows["entity_relations"]) == 1
    # What a pack does not extend it does not know, whatever is built with it.
    stranger = _pack(place / "stranger", entity_relations=[relation])
    assert _faults(last, stranger) == [
        "stranger/tables/entity_relations.tsv:2: entity: 'lumenol' is not in entities.tsv, which has no rows",
        "stranger/tables/entity_relations.tsv:2: other: 'glow' is not in entities.tsv, which has no rows",
    ]


def test_what_is_in_no_pack_that_is_extended_is_missed(place: Path) -> None:
    _pack(place / "common", entities=[GLOW])
    last = _pack(
        place / "last", 'extends = ["../common"]', entity_relations=[{"entity": "glow", "relation": "status-marker-of", "other": "glw"}]
    )
    (fault,) = _faults(last)
    assert fault == (
        "last/tables/entity_relations.tsv:2: other: 'glw' is not in entities.tsv, nor in that of a pack that this one extends; "
        "did you mean 'glow'?"
    )


@pytest.mark.parametrize("said", ["", 'extends = ["../common"]'])
def test_an_equal_row_is_the_same_thing(place: Path, said: str) -> None:
    common = _pack(place / "common", entities=[GLOW])
    last = _pack(place / "last", said, entities=[LUMENOL, GLOW])
    tables = read_tables([common, last], VOCABULARY)
    assert [row["entity"] for row in tables.rows["entities"]] == ["glow", "lumenol"]
    ((where, packs),) = tables.alike.items()
    assert (where, [pack.description.name for pack in packs]) == (("entities", 2), ["last"])


@pytest.mark.parametrize("said", ["", 'extends = ["../common"]'])
def test_a_thing_that_means_something_else_elsewhere_is_one_fault_with_both_places(place: Path, said: str) -> None:
    common = _pack(place / "common", entities=[LUMENOL, GLOW])
    other = {**GLOW, "label": "glowing", "type": "disease", "aspect": "risk"}
    last = _pack(place / "last", said, entities=[other])
    (fault,) = _faults(common, last)
    assert fault == (
        "last/tables/entities.tsv:2: label: 'glow' stands in common/tables/entities.tsv, line 3, too, with label 'glow', here 'glowing'; "
        "type 'outcome', here 'disease'; aspect 'level', here 'risk': let one pack have it and the other extend that, make the two equal, "
        "or give one another key, or its pack a base of its own in pack.toml"
    )


def test_which_way_is_desirable_is_a_part_of_what_a_thing_means(place: Path) -> None:
    common = _pack(place / "common", entities=[{**GLOW, "desirable": "higher"}])
    last = _pack(place / "last", entities=[{**GLOW, "desirable": "lower"}])
    (fault,) = _faults(common, last)
    assert fault.startswith(
        "last/tables/entities.tsv:2: desirable: 'glow' stands in common/tables/entities.tsv, line 2, too, with desirable "
    )


def test_the_lines_of_the_second_pack_are_those_of_its_file(place: Path) -> None:
    common = _pack(place / "common", entities=[GLOW, {**GLOW, "entity": "glow-2", "label": "second"}])
    last = _pack(place / "last", entities=[LUMENOL, {**LUMENOL, "entity": "x", "type": "nutrien"}])
    (fault,) = _faults(common, last)
    assert fault.startswith("last/tables/entities.tsv:3: type: 'nutrien' is not one of: ")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (
            'extends = ["../comon"]',
            "last/pack.toml:3: extends: ../comon: there is no such folder, nor an installed pack of that name; did you mean 'common'?;",
        ),
        (
            'title = "x"\nextends = [\n  "../common",\n  "nowhere",\n]',
            "last/pack.toml:6: extends: nowhere: there is no such folder, nor an",
        ),
        ('extends = ["../plain"]', "last/pack.toml:3: extends: ../plain: is no pack: it has to hold pack.toml and a folder tables; mend"),
        ('extends = ["../last"]', "last/pack.toml:3: extends: ../last: the packs extend each other in a circle (last → last); take one"),
        ('extends = ["../back"]', "back/pack.toml:3: extends: ../last: the packs extend each other in a circle (last → back → last); take"),
        (
            'extends = ["../twin/common", "../common"]',
            "common/pack.toml:1: name: 'common' is the name of the pack in twin/common/pack.toml",
        ),
        (
            'extends = ["../namesake"]',
            "last/pack.toml:2: address: 'https://example.org/last' is the address of the pack in namesake/pack.to",
        ),
    ],
)
def test_what_cannot_be_extended_is_one_fault_that_names_the_line(place: Path, said: str, fault: str) -> None:
    _pack(place / "common", entities=[GLOW])
    _pack(place / "twin" / "common", entities=[LUMENOL])
    (place / "twin" / "common" / "pack.toml").write_text('name = "common"\naddress = "https://example.org/twin"\n')
    (place / "plain").mkdir()
    _pack(place / "back", 'extends = ["../last"]', entities=[GLOW])
    _pack(place / "namesake", entities=[GLOW])
    (place / "namesake" / "pack.toml").write_text('name = "namesake"\naddress = "https://example.org/last"\n')
    last = _pack(place / "last", said, entities=[LUMENOL])
    (found,) = _faults(last)
    assert found.startswith(fault)


def test_what_is_wrong_with_the_description_of_an_extended_pack_names_its_file(place: Path) -> None:
    _pack(place / "common", 'titel = "x"', entities=[GLOW])
    last = _pack(place / "last", 'extends = ["../common"]', entities=[LUMENOL])
    assert _faults(last) == ["common/pack.toml:3: titel: is no key here; did you mean 'title'?"]


def test_a_pack_that_is_reached_in_two_ways_is_one(place: Path) -> None:
    common = _pack(place / "common", entities=[GLOW])
    _pack(place / "between", 'extends = ["../common"]', entities=[LUMENOL])
    last = _pack(place / "last", 'extends = ["../between", "../common"]', entities=[{**LUMENOL, "entity": "x", "label": "x"}])
    assert [pack.description.name for pack in gathered([last, common])] == ["common", "between", "last"]
    with pytest.raises(InputError, match=r"common/pack\.toml: this pack is named twice"):
        gathered([common, place / "common" / "tables"])


def test_a_pack_that_a_package_brings_is_known_by_its_name(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pack(place / "site" / "lumen_pack", entities=[GLOW])
    (place / "site" / "lumen_pack" / "pack.toml").write_text('name = "lumen"\naddress = "https://example.org/lumen"\n')
    # Nothing of it runs.
    (place / "site" / "lumen_pack" / "__init__.py").write_text("raise RuntimeError\n")
    about = place / "site" / "lumen-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: lumen\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[k2graph.packs]\nlumen = lumen_pack\nbroken = lumen_pack.nowhere\n")
    monkeypatch.syspath_prepend(str((place / "site").absolute()))
    last = _pack(place / "last", 'extends = ["lumen"]', entities=[LUMENOL])
    assert [row["entity"] for row in read_tables(last, VOCABULARY).rows["entities"]] == ["glow", "lumenol"]
    other = _pack(place / "other", 'extends = ["lumn"]', entities=[LUMENOL])
    assert _faults(other)[0].endswith("nor an installed pack of that name; did you mean 'lumen'?; mend the name, or take it out")
    broken = _pack(place / "broken-one", 'extends = ["broken"]', entities=[LUMENOL])
    assert "broken: the package lumen_pack.nowhere that shall bring it has no pack.toml" in _faults(broken)[0]


BASE = 'base = "https://example.org/lumen/"'


def test_a_base_is_what_addresses_begin_with_and_own_things_go_first(place: Path) -> None:
    common = _pack(place / "common", entities=[GLOW, LUMENOL])
    own = {**GLOW, "label": "own glow"}
    last = _pack(place / "last", f'{BASE}\nextends = ["../common"]', entities=[own], entity_relations=[
        {"entity": "lumenol", "relation": "status-marker-of", "other": "glow"}])  # fmt: skip
    assert _addresses(last) == [
        "https://w3id.org/k2graph/entity/glow", "https://w3id.org/k2graph/entity/lumenol", "https://example.org/lumen/entity/glow"
    ]  # fmt: skip
    (row,) = read_tables([common, last], VOCABULARY).rows["entity_relations"]
    assert (row["entity"], row["other"], row.identity) == ("lumenol", "https://example.org/lumen/ glow", "lumenol-status-marker-of-glow")


def test_with_another_base_an_equal_row_is_that_of_the_extended_pack_and_a_strangers_is_not(place: Path) -> None:
    common = _pack(place / "common", entities=[GLOW])
    last = _pack(place / "last", f'{BASE}\nextends = ["../common"]', entities=[GLOW])
    assert _addresses(last) == ["https://w3id.org/k2graph/entity/glow"]
    stranger = _pack(place / "stranger", 'base = "https://example.org/stranger/"', entities=[GLOW])
    assert _addresses(common, stranger) == ["https://w3id.org/k2graph/entity/glow", "https://example.org/stranger/entity/glow"]


def test_a_key_that_two_extended_packs_have_for_two_things_is_a_fault(place: Path) -> None:
    _pack(place / "one", entities=[GLOW])
    _pack(place / "two", BASE, entities=[{**GLOW, "label": "other glow"}])
    last = _pack(place / "last", 'extends = ["../one", "../two"]', entity_relations=[
        {"entity": "glow", "relation": "status-marker-of", "other": "glow"}])  # fmt: skip
    assert [re.sub("^.*: (?=')", "", fault) for fault in _faults(last)] == 2 * [
        "'glow' is in entities.tsv of several packs that this one extends (https://w3id.org/k2graph/ and https://example.org/lumen/); "
        "give this one a row of its own"
    ]


def test_a_search_is_held_against_the_date_of_its_own_pack(place: Path) -> None:
    counts = dict.fromkeys(("shown", "duplicates", "held", "screened", "taken", "left_out"), "0")
    search = {
        "search": "glow",
        "label": "What moves glow?",
        "concepts": "glow",
        "words": "glow",
        "index": "PubMed",
        "readers": "one-reader",
    }
    early = _pack(place / "early", 'date = "2026-01-31"', entities=[LUMENOL])
    late = _pack(place / "late", 'date = "2026-06-30"', entities=[GLOW], searches=[{**search, **counts, "date": "2026-06-30"}])

    def in_future(*folders: Path) -> list[str]:
        try:
            build.asserted(folders, VOCABULARY, read_rules())
        except TableFaults as error:
            return [str(fault) for fault in error.faults if "search-not-in-future" in fault.message]
        return []

    assert in_future(early, late) == []
    late.parent.joinpath("pack.toml").write_text('name = "late"\naddress = "https://example.org/late"\ndate = "2026-06-29"\n')
    assert in_future(early, late) == [
        "late/tables/searches.tsv:2: date: 'glow' was made on 2026-06-30, after 2026-06-29, the date of the data: mend the day, or the "
        "date in pack.toml. (shape:search-not-in-future)"
    ]

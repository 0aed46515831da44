"""A graph of two nutrients for tests of pages: the first row of each real table with what it needs, and an invented pack."""

from pathlib import Path

from project import write_built, write_part

import k2graph
from k2graph.views import ASSETS, embedded_json, style
from k2graph.views.site import nutrients, overview, studies, things
from k2graph.views.site.site import Site

SOURCE = "https://example.org/source"
_TABLES = {
    "entities": [
        {"entity": "lumenol", "label": "lumenol", "type": "nutrient", "definition": "An invented nutrient.", "source_url": SOURCE},
        {"entity": "lumenol-a", "label": "lumenol A", "type": "form", "definition": "An invented form.", "source_url": SOURCE},
        {"entity": "helium", "label": "helium", "type": "nutrient", "definition": "Stands for comparison.", "source_url": SOURCE},
    ],
    "entity_relations": [{"entity": "lumenol-a", "relation": "form-of", "other": "lumenol"}],
    "claims": [
        {"claim": "lumenol-risk-carcinoma", "label": "Lumenol A lowers the risk of liver cancer", "subject": "lumenol-a",
         "predicate": "affects-risk-of", "object": "hepatocellular-carcinoma", "direction": "decreases", "testable_in_people": "yes"},
        {"claim": "lumenol-ggcx", "label": "Lumenol activates GGCX", "subject": "lumenol",
         "predicate": "affects-activity-of", "object": "ggcx", "direction": "increases", "testable_in_people": "no"},
    ],
    "mechanisms": [{"mechanism": "lumenol-cancer", "label": "Lumenol keeps livers well", "end_to_end": "lumenol-risk-carcinoma"}],
    "mechanism_steps": [{"mechanism": "lumenol-cancer", "step": "1", "claim": "lumenol-risk-carcinoma",
                         "yields": "hepatocellular-carcinoma"}],
    "reports": [{"report": "DOI:10.5555/lumenol", "title": "Lumenol and livers", "first_author": "Doe, Jane", "year": "2020",
                 "doi": "10.5555/lumenol", "source_url": SOURCE, "verified": "abstract"}],
    "studies": [{"study": "doe-2020", "label": "Jane Doe, 2020", "reports": "DOI:10.5555/lumenol", "design": "rct",
                 "organism": "NCBITaxon:9606", "population": "adults", "n": "60", "interventions": "lumenol-a",
                 "comparator_kind": "placebo",
                 "arms_differ_in_exposure_alone": "yes", "source_url": SOURCE}],
    "findings": [{"finding": "doe-2020-1", "study": "doe-2020", "report": "DOI:10.5555/lumenol", "subject": "lumenol-a",
                  "predicate": "affects-risk-of", "object": "hepatocellular-carcinoma", "direction": "decreases",
                  "outcome_kind": "clinical", "endpoint_role": "primary",
                  "effect_measure": "risk ratio", "value": "0.50", "ci_low": "0.30", "ci_high": "0.80",
                  "reported": "half as many", "source_url": SOURCE}],
    "interactions": [{"interaction": "lumenol-acenocoumarol", "agent": "lumenol", "drug": "acenocoumarol", "effect": "Nothing is known.",
                      "direction": "no-effect", "acts_on": "drug", "severity": "minor", "source_url": SOURCE}],
    "reference_intakes": [{"nutrient": "lumenol", "authority": "Nobody", "year": "2020", "population": "adults", "sex": "both",
                           "age_range": "18 years and over", "amount": "700", "unit": "ug/d", "kind_of_value": "UL", "source_url": SOURCE}],
}  # fmt: skip


def write_two_nutrients(folder: Path) -> None:
    """The two packs, and what is built of them, in `two.ttl`."""
    real, invented = folder / "real", folder / "invented"
    real.mkdir()
    write_part(real / "tables")
    (invented / "tables").mkdir(parents=True)
    (invented / "pack.toml").write_text(
        'name = "invented"\naddress = "https://example.org/invented"\ntitle = "Lumenol, invented"\nversion = "2"\n'
        'authors = [{ name = "J. Doe", orcid = "0000-0002-1825-0097" }]\nlicence = "https://creativecommons.org/licenses/by/4.0/"\n'
        'base = "https://example.org/invented/"\nextends = ["../real"]\n',
        encoding="utf-8",
    )
    for name, some in _TABLES.items():
        header = list(dict.fromkeys(column for row in some for column in row))
        lines = [header, *([row.get(column, "") for column in header] for row in some)]
        (invented / "tables" / f"{name}.tsv").write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    write_built([real / "tables", invented / "tables"], folder / "two.ttl")


def write_pages(folder: Path) -> None:
    """The pages that tests of two nutrients look at, with the scripts of all."""
    write_two_nutrients(folder)
    site = Site(k2graph.open(folder / "two.ttl"))
    scripts = [(f"assets/{path.name}", path.read_bytes()) for path in ASSETS.glob("*.js")]
    index = f"window.k2graphIndex={embedded_json(list(site.index()))};\n".encode()
    parts = (overview.front, overview.gap_map, overview.mechanisms, studies.findings, things.entities, nutrients.nutrients)
    assets = [*scripts, ("assets/style.css", style().encode()), ("assets/index.js", index)]
    for name, content in (*assets, *(each for part in parts for each in part(site))):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)

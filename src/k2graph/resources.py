"""Where the graph, the ontology, the rules and the questions are, in a checkout and in an installed package."""

from pathlib import Path

_PACKAGED = Path(__file__).parent / "resources"
ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[2]

GRAPH = ROOT / "data" / "k2.ttl"
TABLES = ROOT / "data" / "tables"
ONTOLOGY = ROOT / "ontology" / "k2graph.ttl"
MAPPINGS = ROOT / "ontology" / "mappings.sssom.tsv"
PREFIXES = ROOT / "ontology" / "prefixes.tsv"
SHAPES = ROOT / "ontology" / "shapes.ttl"
RULES = ROOT / "ontology" / "rules"
QUESTIONS = ROOT / "queries"

"""A knowledge graph of nutrient mechanisms, with the evidence for every step.

>>> import k2graph
>>> graph = k2graph.open()
>>> answer = graph.ask("mechanisms-lacking-human-rct-support")
>>> answer.columns[0]
'mechanism'
"""

from .errors import InputError, TableFaults
from .graph import Graph, open
from .sparql.answers import Answer
from .sparql.questions import Question

__all__ = ["Answer", "Graph", "InputError", "Question", "TableFaults", "open"]
__version__ = "0.1.0"

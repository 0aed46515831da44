"""For assistants: the graph as tools, resources and prompts of the Model Context Protocol, so that they cite instead of remembering.

In: a graph. Out: a server. `tools.py` holds what may be done, `served.py` makes a server of it, `pages.py` keeps every answer within a
number of tokens, `claims.py` says how the claims that an answer names stand and where that was read, `prompts.py` has what people may ask
for by name. There is no tool for SPARQL: what is asked is one of the shipped questions, which are bounded.
"""

from .served import server
from .tools import Tools

__all__ = ["Tools", "server"]

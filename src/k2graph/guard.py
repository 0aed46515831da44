"""What a query may not do: reach another place, or be nested so deep that the engine aborts the process.

The embedded engine would fetch from any address that SERVICE names, and it has no guard against deep nesting. Both are
seen here, on the query's own tokens, before any engine sees it. A query that this module lets pass may still be wrong; the
engine says so.
"""

import re

from .faults import InputError

#: Nesting at which pyoxigraph 0.5 aborts begins between 200 and 1,000 levels, by the kind of bracket.
MOST_NESTED = 100
#: Chains of one operator abort between 5,000 and 20,000 members.
MOST_OPERATORS = 2_000

# Tokens of SPARQL 1.1 §19.8 in which a word or a bracket would have no meaning of its own come first.
_TOKENS = re.compile(
    r"""
    (?P<hidden> <[^<>"{}|^`\\\x00-\x20]*> | \#[^\r\n]*
        | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*''' | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<name> [?$]\w+ | [\w.-]*:[\w.:%\\-]* | @[A-Za-z-]+ )
    | (?P<word> [A-Za-z_]\w* )
    | (?P<open> [({\[] ) | (?P<close> [)}\]] )
    | (?P<operator> [!^+*/|&-] )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check_query(query: str) -> None:
    """Refuse a query that would leave this machine or abort the engine.

    Raises:
        InputError: with the reason.

    >>> check_query("SELECT * WHERE { ?service ?p 'SERVICE <http://example.org>' } # SERVICE")
    >>> check_query("SELECT * WHERE { sErViCe <http://example.org> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    k2graph.faults.InputError: the query uses SERVICE, which would send it to another address; ask that address directly with --endpoint

    """
    # SPARQL replaces \uXXXX before it reads tokens (§19.2), so SERVICE can be spelt with them.
    try:
        text = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), query)
    except (ValueError, OverflowError):
        raise InputError("the query holds an escape that is no character") from None
    depth = operators = 0
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "word" and token[0].upper() in {"SERVICE", "LOAD"}:
            raise InputError(
                f"the query uses {token[0].upper()}, which would send it to another address; ask that address directly with --endpoint"
            )
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "operator":
            operators += 1
        if depth > MOST_NESTED:
            raise InputError(f"the query is nested deeper than {MOST_NESTED} brackets")
        if operators > MOST_OPERATORS:
            raise InputError(f"the query holds more than {MOST_OPERATORS} operators")

"""What a query may not do: reach another place, change the graph, or be so nested or long that the engine aborts the process.

The embedded engine would fetch from any address that SERVICE names, has no guard against deep nesting, and an endpoint would
run an update. All three are seen here, on the query's own text, before any engine sees it. A query that this module lets
pass may still be wrong; the engine says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar

from ..errors import InputError

#: Brackets within brackets. On a stack of 8 MB pyoxigraph 0.5 aborts from about 800 levels (EXISTS, functions), of 2 MB from 200.
MOST_NESTED = 100
#: Operators, groups and triples. Each may be a level of the engine's recursion too: a chain of /, MINUS or BIND aborts from 2,400.
MOST_PARTS = 1_000

_PROLOGUE = {"PREFIX", "BASE", "VERSION"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}

# Tokens of SPARQL 1.1 §19.8 in which a word or a bracket would have no meaning of its own come first.
_TOKENS = re.compile(
    r"""
    (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<hidden> \#[^\r\n]* | \^\^(?=[<\w:])
        | \"\"\"(?:[^"\\]|\\[tbnrf"'\\uU]|"(?!""))*\"\"\" | '''(?:[^'\\]|\\[tbnrf"'\\uU]|'(?!''))*'''
        | "(?:[^"\\\r\n]|\\[tbnrf"'\\uU])*" | '(?:[^'\\\r\n]|\\[tbnrf"'\\uU])*' )
    | (?P<name> [?$]\w+ | [\w.-]*+:(?:[\w.:%-]|\\.)* | @[A-Za-z-]+ )
    | (?P<run> [\w.-]+ )
    | (?P<open> << | [({\[] ) | (?P<close> >> | [)}\]] )
    | (?P<operator> [!^*+/|&;] )
    | (?P<comma> , )
    """,
    re.VERBOSE | re.DOTALL,
)
# A run of what could begin a name and does not is read once, and then in parts: looked for a colon from each of its characters, it
# would take a time that grows with the square of its length.
_PARTS_OF_A_RUN = re.compile(r"(?P<word> [A-Za-z_]\w* ) | (?P<operator> - | \.(?!\d) )", re.VERBOSE)
_ESCAPED_IRI = re.compile(r"""<[^<>"{}|^`\x00-\x20]*\\[uU][^<>"{}|^`\x00-\x20]*>""")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

# Engines differ in where a token ends: pyoxigraph reads SERVICE:x as SERVICE :x, and the < of an IRI as "less than" where that
# makes sense of what follows. So SERVICE is not looked for among tokens, in which it could be hidden from this module alone,
# but as the text that every such clause begins with, wherever that stands. Only a variable, and a comment that can be nothing
# else (space before it, no quotation mark in it, so that no IRI and no string begins or ends there), are passed over.
_BLANK = r"(?:\s|\#[^\r\n]*(?:[\r\n]|$))*"
_SERVICE = re.compile(
    rf"""
    [?$]\w+ | (?:(?<=[\ \t\r\n])|\A)\#[^"'\r\n]*(?=[\r\n]|\Z)
    | (?P<service> SERVICE {_BLANK} (?:SILENT {_BLANK})? (?: <[^<>]*> | [?$]\w+ | [^\s{{}}<>#:\\]*:(?:\\.|[^\s{{}}<>#\\])* ) {_BLANK} \{{ )
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


class MalformedError(InputError):
    """What was sent is no SPARQL, whatever it asks for."""


_Found = TypeVar("_Found")
#: Characters of a query up to which what was found in it is kept, so that a client cannot fill the memory with long ones.
_SHORT = 4_096


def _kept(read: Callable[[str], _Found]) -> Callable[[str], _Found]:
    """A reader of queries that keeps what it found in short ones: those of shapes and questions are asked again and again."""
    keeping = lru_cache(maxsize=2**10)(read)

    @wraps(read)
    def found(query: str) -> _Found:
        return keeping(query) if len(query) <= _SHORT else read(query)

    return found


@_kept
def check_query(query: str) -> None:
    """Refuse a query that would leave this machine, change the graph or abort the engine.

    Raises:
        InputError: with the reason.

    >>> check_query("SELECT * WHERE { ?service ?p 'SERVICE <http://example.org>' } # SERVICE <http://example.org> { }")
    >>> check_query("SELECT * WHERE { sErViCe <http://example.org> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    k2graph.errors.InputError: the query uses SERVICE, which would send it to another address; ask that address directly with --endpoint

    """
    # SPARQL replaces \uXXXX before it reads tokens (§19.2), so SERVICE can be spelt with them; not every engine does.
    for text in {query, _ESCAPE.sub(_character, query)}:
        if any(found["service"] for found in _SERVICE.finditer(text)):
            raise InputError("the query uses SERVICE, which would send it to another address; ask that address directly with --endpoint")
        _check_tokens(text)


def query_form(query: str) -> str:
    r"""SELECT, ASK, CONSTRUCT or DESCRIBE: the first word after the prologue, in capitals; empty where there is none.

    >>> query_form("PREFIX ask: <http://example.org/#> # ASK ...\ndescribe ask:this")
    'DESCRIBE'
    """
    return next((word for word in _words(query) if word not in _PROLOGUE), "")


@dataclass(frozen=True)
class Clauses:
    """The graphs that a query names after FROM, FROM NAMED and GRAPH, as they are written, and the prologue by which to read them."""

    prologue: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    graphs: tuple[str, ...]
    #: Whether it has a GRAPH at all, be it of a variable.
    by_graph: bool

    @property
    def dataset(self) -> bool:
        """Whether the query says of which graphs it is asked."""
        return bool(self.default or self.named)


@_kept
def clauses(query: str) -> Clauses:
    """What a query says of graphs.

    Raises:
        InputError: where FROM is not apart from the name that follows it, so that engines differ in what they read.

    >>> found = clauses("PREFIX g: <http://example.org/> SELECT ?from FROM g:a FROM NAMED <http://example.org/b> { GRAPH ?g { } } # FROM")
    >>> found.default, found.named, found.graphs, found.by_graph
    (('g:a',), ('<http://example.org/b>',), (), True)
    """
    plain = _ESCAPED_IRI.sub(lambda iri: _ESCAPE.sub(_in_an_iri, iri[0]), query)
    # A comment begins with #, and stands between any two tokens.
    apart = [(kind, text) for kind, text in tokens(plain) if not text.startswith("#")]
    words = [text.upper() if kind == "word" else "" for kind, text in apart]
    form = next((place for place, word in enumerate(words) if word and word not in _PROLOGUE), len(apart))
    body = next((place for place, (_, text) in enumerate(apart) if text == "{"), len(apart))
    prologue = " ".join(text for _, text in apart[:form])
    declared = {text.rpartition(":")[0] for kind, text in apart[:form] if kind == "name"}
    for kind, text in apart[form:body]:
        prefix = text.partition(":")[0]
        if kind == "name" and prefix.upper() == "FROM" and not (words[form] == "DESCRIBE" and prefix in declared):
            raise InputError(f"{text}: write FROM and the name of its graph apart")
    found: dict[str, list[str]] = {"FROM": [], "NAMED": [], "GRAPH": []}
    for place in range(form, len(apart) - 1):
        kind, text = apart[place + 1]
        if words[place] in found and (kind == "iri" or (kind == "name" and text[0] not in "?$@")):
            found[words[place]].append(text)
    by_graph = "GRAPH" in words or any(kind == "name" and text.upper().startswith("GRAPH:") for kind, text in apart)
    return Clauses(prologue, tuple(found["FROM"]), tuple(found["NAMED"]), tuple(found["GRAPH"]), by_graph)


@dataclass(frozen=True)
class Parts:
    """The parts of a SELECT or a CONSTRUCT, from which another query can be made."""

    prologue: str
    select: str  #: SELECT and its columns
    template: str  #: of a CONSTRUCT, without its brackets
    dataset: str  #: FROM …
    body: str  #: the pattern and all that follows it


def parts_of(query: str) -> Parts | None:
    """The parts of a query; nothing where it is neither, or is not understood.

    >>> parts_of("PREFIX a: <a:> CONSTRUCT { ?s a a:b } FROM a:g WHERE { ?s a:c '}' } LIMIT 2").body
    "WHERE { ?s a:c '}' } LIMIT 2"
    """
    form = query_form(query)
    things = _outermost(query)
    begin = next((at for at, (word, _, _) in enumerate(things) if word == form), len(things))
    template = things[begin + 1] if form == "CONSTRUCT" and [word for word, _, _ in things[begin + 1 : begin + 2]] == ["{"] else None
    after = things[begin + (2 if template else 1) :]
    body = next((first for word, first, _ in after if word in {"WHERE", "{"}), None)
    group = next(((first, last) for word, first, last in after if word == "{"), None)
    if form not in {"SELECT", "CONSTRUCT"} or body is None or group is None:
        return None
    dataset = min((first for word, first, _ in after if word == "FROM" and first < body), default=body)
    first, last = template[1:] if template else group
    return Parts(
        prologue=query[: things[begin][1]],
        select=query[things[begin][1] : dataset] if form == "SELECT" else "",
        template=query[first + 1 : last - 1] if form == "CONSTRUCT" else "",
        dataset=query[dataset:body],
        body=query[body:],
    )


def _outermost(query: str) -> list[tuple[str, int, int]]:
    """The words and the groups in curly brackets that stand within no brackets, each with where it begins and ends."""
    found: list[tuple[str, int, int]] = []
    opened: list[int] = []
    at = 0
    for kind, written in tokens(query):
        # Between two tokens is only what is no token.
        at = query.index(written, at)
        if kind == "open":
            opened.append(at)
        elif kind == "close" and opened:
            first = opened.pop()
            if not opened and written == "}":
                found.append(("{", first, at + 1))
        elif kind == "word" and not opened:
            found.append((written.upper(), at, at + len(written)))
        at += len(written)
    return found


def _words(text: str) -> Iterator[str]:
    return (written.upper() for kind, written in tokens(text) if kind == "word")


def tokens(text: str) -> Iterator[tuple[str | None, str]]:
    """The kind of each token, and its text."""
    for token in _TOKENS.finditer(text):
        if token.lastgroup == "run":
            yield from ((part.lastgroup, part[0]) for part in _PARTS_OF_A_RUN.finditer(token[0]))
        else:
            yield token.lastgroup, token[0]


def body_of(query: str) -> str:
    """The first group in braces of a query, with its braces; empty where there is none.

    >>> body_of("SELECT ?s { ?s ?p '}' . { ?s ?q 1 } } LIMIT 1 # }")
    "{ ?s ?p '}' . { ?s ?q 1 } }"
    """
    begins, depth = -1, 0
    for token in _TOKENS.finditer(query):
        if token[0] == "{":
            begins, depth = token.start() if begins < 0 else begins, depth + 1
        elif token[0] == "}":
            depth -= 1
            if depth <= 0:
                return query[begins : token.end()] if begins >= 0 else ""
    return ""


def names_in(text: str) -> Iterator[re.Match[str]]:
    """Every variable, language tag and prefixed name, where it stands.

    >>> [found[0] for found in names_in("SELECT * { ?s a k2g:Claim # ?none }")]
    ['?s', 'k2g:Claim']
    """
    return (token for token in _TOKENS.finditer(text) if token.lastgroup == "name")


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise MalformedError(f"the query holds an escape that is no character: {escape[0]}")
    return chr(code)


def _in_an_iri(escape: re.Match[str]) -> str:
    """The character that an escape stands for, if an IRI may hold it."""
    character = _character(escape)
    return character if character > " " and character not in '<>"{}|^`\\' else escape[0]


def _check_tokens(text: str) -> None:
    within: list[str] = []
    parts = 0
    describing = False
    for kind, written in tokens(text):
        if kind == "word":
            if written.upper() in _UPDATES:
                raise InputError(f"{written.upper()} changes a graph; k2graph only reads: ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
            describing = written.upper() == "DESCRIBE"
        elif kind == "open":
            within.append(written)
        elif kind == "close":
            del within[-1:]
        elif kind == "iri":
            # What looks like an IRI may be "less than" and what follows, so the brackets in it count.
            within += "(" * written.count("(")
        # A comma stands between triples, but in round brackets between the members of a list, which may be long.
        parts += kind in {"open", "operator"} or (kind == "comma" and within[-1:] != ["("]) or (describing and kind in {"iri", "name"})
        if len(within) > MOST_NESTED:
            raise InputError(f"the query is nested deeper than {MOST_NESTED} brackets")
        if kind == "iri":
            del within[len(within) - written.count(")") :]
        if parts > MOST_PARTS:
            raise InputError(f"the query holds more than {MOST_PARTS:,} operators, groups and triples")

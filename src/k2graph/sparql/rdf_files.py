"""Read a file of RDF into the embedded engine: any syntax that the engine reads, packed by gzip or not, with or without a byte order mark.

In: a path. Out: a `Reading`. Nothing is fetched, whatever a file asks for, and nothing is let grow: entities of XML and packed files have
bounds, which the errors name. A file is whole in memory while it is read.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Store as Engine

from ..errors import InputError
from .rdf_syntax import FORMATS, XML, ending_of, looks_like, no_rdf

#: A packed file may be so many times as long when unpacked, or so many bytes, whichever is more. RDF packs to a tenth, seldom a fiftieth.
MOST_UNPACKED, LEAST_BOUND = 100, 64 * 2**20
#: Entities may add so many times the length of a file of XML, and so many bytes besides.
MOST_GROWN, FREE_GROWTH = 10, 2**20
#: Triples in triples, as terms of RDF 1.2, brackets of JSON and elements of XML. The engine aborts the process from about 15,000 of the
#: first, and takes minutes for 20,000 of the others.
MOST_NESTED = 1_000

_ENTITY = re.compile(rb'<!ENTITY\s+(?:%\s*)?([^\s"\']+)\s+"([^"]*)"')
_EXTERNAL = re.compile(rb"<!ENTITY\s+(?:%\s*)?([^\s\"']+)\s+(?:SYSTEM|PUBLIC)\b")
_REFERENCE = re.compile(rb"[&%]([^\s&;<]+);")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(rb"\s*<\?xml\b[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)[\"']")
_LOOKS_LIKE_XML = re.compile(rb"\s*<(?:\?xml\b|!--|!DOCTYPE\b|[\w.:-]+[ \t\r\n])", re.IGNORECASE)
_OTHER_OWL = {
    "OWL functional syntax": re.compile(rb"(?:\s|#[^\n]*\n)*(?:Prefix|Ontology)\s*\("),
    "OWL Manchester syntax": re.compile(rb"(?:\s|#[^\n]*\n)*(?:Prefix|Ontology):\s"),
    "OBO format": re.compile(rb"\s*format-version:"),
}
_CONTEXT = re.compile(rb'"@(?:context|import)"\s*:\s*(?:\[[^\]]*?)?"([^"]+)"')
_EMPTY_GRAPH = re.compile(rb'<([A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\\\x00-\x20]*)>\s*\{\s*\}')
_EMPTY_BY_PREFIX = re.compile(rb"(?<![\w:<-])([\w.-]*:)([\w.-]*)\s*\{\s*\}")
_PREFIX = re.compile(rb"@?prefix\s+([\w.-]*:)\s*<([^>]*)>", re.IGNORECASE)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
# What could hide the brackets of a triple, and the brackets.
_TRIPLES = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    rb'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\x00-\x20]*>|#[^\n]*|(?P<open><<)|(?P<close>>>)',
    re.DOTALL,
)


@dataclass(frozen=True)
class Reading:
    """What a file holds. `base` is the file's own address where IRIs of it are or may be relative, and are read as relative to that."""

    engine: Engine
    base: str | None
    #: The file is as any reader of its syntax takes it, wherever it is: not packed, without a mark, nothing in it relative.
    as_is: bool


def read(path: Path, bytes_of_file: bytes | None = None, new: Callable[[], Engine] = Engine) -> Reading:
    """Read a file.

    Args:
        path: The file.
        bytes_of_file: What it holds, where that has been read.
        new: Makes an engine with nothing in it; by default in memory.

    Raises:
        InputError: where it is missing, is no RDF, or would grow beyond measure.
    """
    if bytes_of_file is None:
        bytes_of_file = bytes_of(path)
    content, file_format = _content(bytes_of_file, path)
    engine, base = _parsed(content, file_format, path, new)
    if file_format == RdfFormat.TRIG:
        starts = dict(_PREFIX.findall(content))
        by_prefix = [starts[prefix] + local for prefix, local in _EMPTY_BY_PREFIX.findall(content) if prefix in starts]
        for name in (*_EMPTY_GRAPH.findall(content), *by_prefix):
            with contextlib.suppress(ValueError):  # it was no name, but stood in a text or a comment
                engine.add_graph(NamedNode(name.decode()))
    return Reading(engine, base, as_is=base is None and content is bytes_of_file)


def written(path: Path, base: str | None) -> Iterator[Quad]:
    """The statements of a file that can be read, with each literal as it is spelt there. The engine keeps the value alone.

    Raises:
        InputError: as `read` does.
    """
    content, file_format = _content(bytes_of(path), path)
    try:
        yield from parse(content, file_format, base_iri=base, without_named_graphs=file_format == RdfFormat.N3)
    except SyntaxError as error:
        raise _fault(error, content, path) from error
    except ValueError as error:
        raise InputError(f"{path}: not valid RDF: {error}") from error


def _content(bytes_of_file: bytes, path: Path) -> tuple[bytes, RdfFormat]:
    """What a file holds, unpacked and in UTF-8, and in which syntax; refused where it is no RDF or would grow beyond measure."""
    ending = ending_of(path)
    packed = path.suffix.lower() == ".gz"
    content = _text(_unpacked(bytes_of_file, path) if packed else bytes_of_file, path)
    file_format = FORMATS[ending]
    if ending in XML:
        if _LOOKS_LIKE_XML.match(content) or not content.strip():
            _check_xml(content, path)
        else:
            file_format = RdfFormat.TURTLE
    for syntax, sign in _OTHER_OWL.items():
        if sign.match(content):
            raise no_rdf(path, syntax)
    if file_format == RdfFormat.JSON_LD:
        _check_nesting(content, path, _JSON, "brackets in brackets")
    elif content.count(b"<<") > MOST_NESTED:
        _check_nesting(content, path, _TRIPLES, "triples in triples")
    return content, file_format


def bytes_of(path: Path) -> bytes:
    """What a file holds.

    Raises:
        InputError: where it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _unpacked(packed: bytes, path: Path) -> bytes:
    import gzip
    import io
    import zlib

    most = max(LEAST_BOUND, MOST_UNPACKED * len(packed))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            content = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be unpacked: {error}") from error
    if len(content) > most:
        raise InputError(
            f"{path}: unpacks to more than {most:,} bytes, the most for a file of {len(packed):,}; if that is right, unpack it yourself"
        )
    return content


def _text(content: bytes, path: Path) -> bytes:
    """The content in UTF-8 without a byte order mark; the same object where it is so already."""
    if content.startswith(codecs.BOM_UTF8):
        return content.removeprefix(codecs.BOM_UTF8)
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None
    declared = _ENCODING.match(content)
    if declared is not None and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        encoding = declared[1].decode()
    if encoding is None:
        return content
    try:
        # The declaration would say another encoding than what the engine is given.
        return _DECLARATION.sub("", content.decode(encoding), count=1).encode()
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{path}: says that it is in {encoding}, and is not: {error}; save it as UTF-8") from error


def _check_xml(content: bytes, path: Path) -> None:
    """Refuse what is XML and no RDF, and entities that would be fetched or would grow."""
    if external := _EXTERNAL.search(content):
        raise InputError(f"{path}: the entity {external[1].decode(errors='replace')} is in another file, which is not fetched")
    if b"<!ENTITY" in content:
        # As the engine does it: each declaration is written out by those before it.
        sizes: dict[bytes, int] = {}
        for declared in _ENTITY.finditer(content):
            sizes[declared[1]] = len(declared[2]) + sum(sizes.get(name, 0) for name in _REFERENCE.findall(declared[2]))
        grown = sum(sizes.values()) + sum(sizes.get(name, 0) for name in _REFERENCE.findall(content))
        most = MOST_GROWN * len(content) + FREE_GROWTH
        if grown > most:
            raise InputError(f"{path}: its entities would grow to {grown:,} bytes; a file of {len(content):,} may have {most:,}")
    _check_whole(content, path)


def _check_whole(content: bytes, path: Path) -> None:
    """Refuse another root than RDF has, and XML that breaks off, of which the engine would read what is there."""
    from xml.parsers import expat

    depth = 0

    def deeper(_: str, __: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_NESTED:
            raise InputError(f"{path}: holds elements in elements deeper than {MOST_NESTED:,}")

    def back(_: str) -> None:
        nonlocal depth
        depth -= 1

    def root(name: str, attributes: dict[str, str]) -> None:
        parser.StartElementHandler, parser.EndElementHandler = deeper, back
        local = name.rpartition(":")[2]
        if local == "Ontology" and not any(attribute.endswith(":about") for attribute in attributes):
            raise no_rdf(path, "OWL/XML")
        if local.lower() == "html":
            raise InputError(f"{path}: is a web page, not RDF")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = root
    try:
        if content.strip():
            parser.Parse(content, True)
    except expat.ExpatError as error:
        raise InputError(f"{path}:{error.lineno}: not valid RDF: as XML, {expat.ErrorString(error.code)}") from error


def _check_nesting(content: bytes, path: Path, brackets: re.Pattern[bytes], what: str) -> None:
    depth = 0
    for bracket in brackets.finditer(content):
        depth = max(depth + (bracket.lastgroup == "open") - (bracket.lastgroup == "close"), 0)
        if depth > MOST_NESTED:
            raise InputError(f"{path}: holds {what} deeper than {MOST_NESTED:,}")


def _parsed(content: bytes, file_format: RdfFormat, path: Path, new: Callable[[], Engine]) -> tuple[Engine, str | None]:
    address = path.absolute().as_uri()
    # Without a base, JSON-LD leaves out what is relative and does not say so. Any other syntax fails, and is then read again with one.
    if file_format == RdfFormat.JSON_LD:
        base: str | None = address
        engine = _loaded(content, file_format, base, path, new())
        if not len(engine) and re.sub(rb"[\s\[\]{}]", b"", content):
            raise InputError(f"{path}: holds no RDF: as JSON-LD, no key of it is an IRI; it may lack its @context")
        return engine, base
    try:
        return _loaded(content, file_format, None, path, new()), None
    except InputError:
        return _loaded(content, file_format, address, path, new()), address


def _loaded(content: bytes, file_format: RdfFormat, base: str | None, path: Path, engine: Engine) -> Engine:
    try:
        if file_format == RdfFormat.N3:
            # A formula is quoted, not said, so that it is no graph of the data.
            engine.bulk_extend(parse(content, file_format, base_iri=base, without_named_graphs=True))
        else:
            engine.bulk_load(content, file_format, base_iri=base)
    except SyntaxError as error:
        raise _fault(error, content, path) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not valid RDF: {error}") from error
    return engine


def _fault(error: SyntaxError, content: bytes, path: Path) -> InputError:
    where = f"{path}:{error.lineno}" if error.lineno else str(path)
    if "LoadDocumentCallback" in (error.msg or ""):
        context = _CONTEXT.search(content)
        at = f" ({context[1].decode(errors='replace')})" if context else ""
        return InputError(f"{where}: its @context is at another address{at}, which is not fetched; write the context itself into the file")
    likeness = looks_like(content)
    return InputError(f"{where}: not valid RDF: {error.msg}{f'; it looks like {likeness}' if likeness else ''}")

"""Names, with texts that nobody thought of: whatever is written for a thing is understood, and any other text is taken."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_iris import IDENTIFIERS, addresses_of

import k2graph
from k2graph import iris, resources

pytestmark = pytest.mark.slow

#: Where else each prefix's identifiers are to be found, as the data say.
ADDRESSES = {line.split("\t")[0]: line.split("\t")[3].split() for line in resources.PREFIXES.read_text(encoding="utf-8").splitlines()[1:]}


@pytest.fixture(scope="module")
def things(graph: k2graph.Graph) -> list[str]:
    """The addresses of things of ours."""
    return [each for each in addresses_of(graph) if re.match(re.escape(iris.BASE) + "[a-z]+/.", each) and "#" not in each]


def _cases(text: str) -> st.SearchStrategy[str]:
    return st.lists(st.booleans(), min_size=len(text), max_size=len(text)).map(
        lambda ups: "".join(letter.upper() if up else letter.lower() for letter, up in zip(text, ups, strict=True))
    )


@st.composite
def _written(draw: st.DrawFn, curie: str) -> str:
    """An identifier as somebody may write it."""
    prefix, _, local = curie.partition(":")
    starts = ADDRESSES[prefix]
    form = draw(st.sampled_from(["curie", "own", "bioregistry.io/", "identifiers.org/", *starts]))
    if form == "curie":
        return draw(_cases(prefix)) + ":" + local
    if form == "own":
        text = iris.identifier(curie).value
    else:
        text = f"http://{form}{local}" if form in starts else f"http://{form}{draw(_cases(prefix))}:{local}"
    if text.startswith("http:"):
        text = draw(st.sampled_from(["http://", "https://", "HTTPS://www."])) + re.sub(r"^http://(www\.)?", "", text)
    text += draw(st.sampled_from(["", "/"]))
    return draw(st.sampled_from(["{}", "<{}>", " {} "])).format(text)


@settings(max_examples=400, deadline=None)
@given(data=st.data(), curie=st.sampled_from([*IDENTIFIERS, "PMID:17287908", "DOI:10.1016/j.bone.2014.03.008", "PMC:PMC10255064"]))
def test_whatever_is_written_for_an_identifier_is_understood(data: st.DataObject, curie: str) -> None:
    assert iris.meant(data.draw(_written(curie))) == curie


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_is_written_for_a_thing_of_ours_is_understood(data: st.DataObject, things: list[str]) -> None:
    address = data.draw(st.sampled_from(things))
    prefix, _, local = iris.short(address).partition(":")
    written = data.draw(
        st.sampled_from([address, f"<{address}>", f"{address}/", address.replace("https", "http", 1), f"{prefix.upper()}:{local}"])
    )
    assert iris.meant(written) == f"{prefix}:{local}"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"\A<?(https?://|obo:)?(doi\.org|bioregistry\.io|w3id\.org/k2graph)?[/:#%?]?.{0,20}>?\Z"))
def test_any_text_is_taken_and_what_is_meant_means_itself(text: str) -> None:
    meant = iris.meant(text)
    assert iris.meant(meant) == meant
    assert iris.expand(iris.compact(text)) == text or iris.compact(text) == text
    assert meant.casefold() in iris.spellings(text)

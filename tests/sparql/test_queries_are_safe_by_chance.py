"""No query that the engine would send elsewhere passes, with texts that nobody thought of."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_queries_are_safe import BEFORE, BODY, GAPS, PLACES, WORDS, Oracle, lets_through, listening

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with listening() as one:
        yield one


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.sampled_from(
            [
                *BEFORE,
                *WORDS,
                *GAPS,
                *PLACES,
                BODY,
                "}",
                "{",
                "UNION",
                " . ",
                "<",
                ">",
                "\\",
                "'",
                '"',
                "'''",
                "1e5",
                "true",
                "a",
                "@en",
                "-",
                "\r",
            ]
        )
        | st.text(alphabet="\"'\\#<>{}:?.\n\ruU0053sERVICE\u00b7\u00aa\u0301", max_size=4),
        max_size=14,
    ),
    clause=st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS), st.sampled_from(PLACES), st.sampled_from(GAPS)),
    place=st.integers(0, 14),
)
def test_no_clause_that_the_engine_would_follow_passes_by_chance(
    oracle: Oracle, parts: list[str], clause: tuple[str, ...], place: int
) -> None:
    text = "".join([*parts[:place], *clause, BODY, *parts[place:]])
    query = f"PREFIX : <ADDRESS> PREFIX x: <ADDRESS> ASK {{ {text} }}".replace("ADDRESS", oracle.double.address)
    if lets_through(query):
        assert not oracle.fetches(query)

"""A question's parameters, with texts that nobody thought of: each is bound as exactly one term, and none meets another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal
from test_ask import HOSTILE, TWO, _bound_terms

pytestmark = pytest.mark.slow

_TEXTS = st.text(max_size=40) | st.sampled_from([*HOSTILE, "} . SERVICE", '"""', "\\", '\\"', "#", "\r", "\u2028", "?b }", "VALUES ?a {3}"])
_LITERALS = st.builds(Literal, _TEXTS) | st.builds(lambda text: Literal(text, language="en"), _TEXTS)


@settings(max_examples=300, deadline=None)
@given(term=_LITERALS)
def test_a_parameter_is_bound_as_exactly_one_term(term: Literal) -> None:
    assert _bound_terms(TWO, {"a": term}) == {"a": term}


@settings(max_examples=300, deadline=None)
@given(first=_LITERALS, second=_LITERALS)
def test_two_parameters_do_not_meet(first: Literal, second: Literal) -> None:
    assert _bound_terms(TWO, {"a": first, "b": second}) == {"a": first, "b": second}

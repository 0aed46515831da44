"""Both engines for shapes say the same of a graph with changes that nobody thought of."""

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from pyoxigraph import Quad
from test_shapes import ODD, _holding, _written

from k2graph.errors import InputError
from k2graph.shacl.validate import validate

pytestmark = pytest.mark.slow

Change = tuple[int, int, int, str]


@given(
    st.lists(st.tuples(*[st.integers(0, 10**6)] * 3, st.sampled_from(["remove", "replace", "add", "misplace"])), min_size=30, max_size=60)
)
@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
def test_engines_agree_on_any_change(part: list[Quad], changes: list[Change]) -> None:
    store = _holding(part)
    for which, term, other, kind in changes:
        quad, odd = part[which % len(part)], ODD[term % len(ODD)]
        if kind in {"remove", "replace"}:
            store.engine.remove(quad)
        if kind != "remove":
            store.engine.add(Quad(quad.subject, part[other % len(part)].predicate if kind == "misplace" else quad.predicate, odd))
    by_queries = validate(store)
    try:
        by_pyshacl = validate(store, engine="pyshacl")
    except InputError:
        reject()
    assert _written(by_queries) == _written(by_pyshacl)

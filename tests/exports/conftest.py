"""What tests of exports share: the whole graph in each format."""

import pytest
from exported import Export, exports_of
from shared import Shared

import k2graph


@pytest.fixture(scope="session")
def exported(graph: k2graph.Graph, shared: Shared) -> Export:
    return exports_of(graph, shared)

"""The name of a first author, in parts and as people read it."""

import pytest

from k2graph.curation.authors import Author, read_author

pytestmark = pytest.mark.extras


def test_a_name_with_a_particle_is_read_given_names_first() -> None:
    author = read_author("van Ballegooijen, Adriana J")
    assert author == Author("van Ballegooijen", "Adriana J")
    assert str(author) == "Adriana J van Ballegooijen"

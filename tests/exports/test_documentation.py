"""docs/reference/exports.md says of each format what the format says of itself, and shows what it writes."""

import pytest
from renew_docs import EXPORTS, page_of_exports

pytestmark = pytest.mark.slow


def test_the_page_shows_what_the_formats_say_and_write() -> None:
    assert EXPORTS.read_text(encoding="utf-8") == page_of_exports(), "out of date; run: python tools/renew_docs.py"

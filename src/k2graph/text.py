"""Text of others made harmless for where it is shown."""

import re

# Control characters, among them the escape that moves a cursor or sets a colour: text from a graph must not do either.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text that a terminal shows and does not obey.

    >>> clean("MK-7" + chr(27) + "[31m")
    'MK-7 [31m'
    """
    return _CONTROL.sub(" ", text)

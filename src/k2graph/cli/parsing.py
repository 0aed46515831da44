"""How arguments are read: an option is given once, and a number lies within its bounds. What is wrong is one line that names the option."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any

from ..errors import InputError

#: Beyond any number of rows, chains, hops or MiB that somebody has; what is larger overflows further on.
_MOST = 10**9


class Parser(argparse.ArgumentParser):
    """A parser that takes no option with a value twice, and whose commands do so too; it knows no abbreviations."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)
        self.given: set[str] = set()
        # What says nothing else is stored.
        self.register("action", None, _Once)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As argparse does; what another reading was given does not count."""
        self.given.clear()
        return super().parse_known_args(args, namespace)


class _Once(argparse.Action):
    """Store a value. A second one would take the place of the first, of which nobody would be told."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option_string: str | None = None
    ) -> None:
        if option_string is not None and isinstance(parser, Parser):
            if self.dest in parser.given:
                raise InputError(f"{option_string} is given more than once")
            parser.given.add(self.dest)
        setattr(namespace, self.dest, values)


def whole(option: str, least: int = 1) -> Callable[[str], int]:
    """The type of an option that is a whole number of `least` or more.

    >>> whole("--most")("10")
    10
    >>> whole("--most")("0")
    Traceback (most recent call last):
    k2graph.errors.InputError: --most is a whole number from 1 to 1,000,000,000, not '0'
    """

    def read(text: str) -> int:
        # Python reads no number of more than some thousand digits.
        number = int(text) if re.fullmatch(r"\s*[+-]?\d{1,20}\s*", text, re.ASCII) else None
        if number is None or not least <= number <= _MOST:
            raise InputError(f"{option} is a whole number from {least} to {_MOST:,}, not {text!r}")
        return number

    return read

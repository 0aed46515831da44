"""The page of searches: what was looked for, the flow of records, and what was left out with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import partial
from urllib.parse import urlsplit

from ...evidence.searches import LeftOut, Search
from ...iris import address_in, expand
from ..flow import flow
from .site import Site


def searches(site: Site) -> Iterator[tuple[str, bytes]]:
    """All searches of the graph, and each record that they left out once, with the searches that showed it."""
    found: dict[str, tuple[LeftOut, list[Search]]] = {}
    for search in site.searches:
        for record in search.records:
            found.setdefault(f"{record.identity} {record.reason.id}", (record, []))[1].append(search)
    records = sorted(found.values(), key=lambda each: (-each[0].reason.rank, each[0].title, each[0].identity))
    identities = {record.identity for record, _ in records}
    yield site.page(
        "searches.html", "searches.html", "What was looked for",
        searches=site.searches, records=records, different=len(identities), flow=flow(site.searches),
        address=partial(_address, hosts=frozenset(site.evidence.facts.all("k2g:citing", "k2g:citableHost"))), called=_called,
    )  # fmt: skip


def _called(identity: str) -> str:
    """An identity in short: of an address, whose it is."""
    return urlsplit(address_in(identity)).netloc or identity


def _address(identity: str, hosts: Set[str]) -> str:
    """Where a record can be opened: nowhere, if its identity is an address at which publications are not cited."""
    read = address_in(identity)
    return read if urlsplit(read).netloc in hosts else "" if read else expand(identity)

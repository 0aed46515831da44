"""Of what the address of a thing is made: a base, which is k2graph's or a pack's own, a kind and a key."""

import re
from collections.abc import Iterable, Iterator

from .iris import BASE, KINDS, slug


def of_pack(key: str, base: str) -> str:
    """A key as it is known beside those of other packs: with the base before it, where that is not k2graph's own.

    >>> of_pack("iron", "https://example.org/"), of_pack("iron", BASE)
    ('https://example.org/ iron', 'iron')
    """
    return key if base == BASE else f"{base} {key}"


def key_and_base(key: str) -> tuple[str, str]:
    """A key of `of_pack` as its pack writes it, and the base. No key and no base holds a space.

    >>> key_and_base("https://example.org/ iron")
    ('iron', 'https://example.org/')
    """
    base, _, plain = key.rpartition(" ")
    return plain, base or BASE


def base_of(thing: str) -> str:
    """With what the address of a thing begins, before its kind and its key.

    >>> base_of("https://example.org/iron/claim/iron-anaemia")
    'https://example.org/iron/'
    """
    return thing.rsplit("/", 2)[0] + "/"


def parts(name_: str) -> tuple[str, str, str]:
    """The base, kind and key of a thing, by its compact name or its address; of what is no thing of a pack, no base and what the name has.

    >>> parts("claim:iron-anaemia"), parts("https://example.org/iron/claim/iron-anaemia")
    (('https://w3id.org/k2graph/', 'claim', 'iron-anaemia'), ('https://example.org/iron/', 'claim', 'iron-anaemia'))
    """
    prefix, _, rest = name_.partition(":")
    if prefix in KINDS:
        return BASE, prefix, rest
    base, kind, key = ["", "", *name_.rsplit("/", 2)][-3:]
    return (f"{base}/", kind, key) if kind in KINDS else ("", prefix, rest)


def file_stems(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Things of one kind, each with what a file of its own is called: its key, else what is safe of that and a digest of the name.

    Two packs may have a thing of one key each.

    >>> [stem for _, stem in file_stems(["claim:iron-anaemia", "https://example.org/iron/claim/iron-anaemia"])]
    ['iron-anaemia', 'iron-anaemia-aff1ee0d']
    """
    import hashlib

    taken = set[str]()
    for name_ in names:
        key = parts(name_)[2]
        if not key or key != slug(key) or key in taken:
            key = f"{slug(key)[:40]}-{hashlib.sha256(name_.encode()).hexdigest()[:8]}"
        taken.add(key)
        yield name_, key


def key_beside(thing: str, other: str) -> str:
    """What tells a thing from others in an address that is made of another's: its key where both have one base, else all of its address.

    The rules do the same.

    >>> key_beside("https://w3id.org/k2graph/study/a", f"{BASE}claim/b"), key_beside("https://example.org/iron/study/a", f"{BASE}claim/b")
    ('a', 'example.org-iron-study-a')
    """
    return thing.rpartition("/")[2] if base_of(thing) == base_of(other) else re.sub("[^A-Za-z0-9.]+", "-", thing.partition("//")[2])

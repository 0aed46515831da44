"""What a graph says of itself as a data set, or the packs that it was built of each of itself, read back."""

from typing import Any

from ..curation.dataset_description import CLASS, PERSONS_NAME, PROPERTIES, REQUIRES, DatasetDescription, author_called
from .facts import Facts


def dataset_of(facts: Facts) -> DatasetDescription:
    """What a graph says of itself: of a pack what the pack says, not those that it extends; of several packs what they say together.

    Together they have the titles, authors and keywords of all, and of all else what all of them say alike.
    """
    extended = {other for node in facts.nodes(CLASS) for other in facts.all(node, REQUIRES)}
    described = [each for each in datasets_of(facts) if each.address not in extended]
    return described[0] if len(described) == 1 else _together(described)


def datasets_of(facts: Facts) -> list[DatasetDescription]:
    """What each pack of a graph says of itself, those that another extends too."""
    return [_described(facts, node) for node in facts.nodes(CLASS)]


def _described(facts: Facts, node: str) -> DatasetDescription:
    record: dict[str, Any] = {"address": node}
    for key, property_name in PROPERTIES.items():
        values = tuple(str(value) for value in facts.all(node, property_name))
        if key == "authors":
            named = (author_called(value, facts.one(value, PERSONS_NAME)) for value in values)
            record[key] = tuple(sorted(named, key=lambda author: author.name))
        elif key == "keywords":
            record[key] = values
        else:
            record[key] = next((value for value in values if key != "infores" or value.startswith("infores:")), "")
    return DatasetDescription(**record)


def _together(described: list[DatasetDescription]) -> DatasetDescription:
    alike = {key: {getattr(each, key) for each in described} for key in ("version", "date", "licence", "infores")}
    authors = {author for each in described for author in each.authors}
    return DatasetDescription(
        title="; ".join(sorted(each.title for each in described if each.title)),
        authors=tuple(sorted(authors, key=lambda author: (author.name, author.orcid))),
        keywords=tuple(sorted({word for each in described for word in each.keywords})),
        **{key: values.pop() for key, values in alike.items() if len(values) == 1},
    )

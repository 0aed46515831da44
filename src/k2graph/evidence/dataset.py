"""What a graph says of itself as a data set, read back."""

from typing import Any

from ..curation.dataset_description import CLASS, PERSONS_NAME, PROPERTIES, DatasetDescription, author_called
from .facts import Facts


def dataset_of(facts: Facts) -> DatasetDescription:
    """What a graph says of itself."""
    nodes = facts.nodes(CLASS)
    if len(nodes) != 1:
        return DatasetDescription()
    record: dict[str, Any] = {"address": nodes[0]}
    for key, property_name in PROPERTIES.items():
        values = tuple(str(value) for value in facts.all(nodes[0], property_name))
        if key == "authors":
            named = (author_called(value, facts.one(value, PERSONS_NAME)) for value in values)
            record[key] = tuple(sorted(named, key=lambda author: author.name))
        elif key == "keywords":
            record[key] = values
        else:
            record[key] = next((value for value in values if key != "infores" or value.startswith("infores:")), "")
    return DatasetDescription(**record)

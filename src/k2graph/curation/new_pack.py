"""A new pack: a folder with its description, a table of each kind, a worked example, a README and what a forge checks at each change.

The worked example is data/example, a few rows of the tables that come with k2graph, so that what a curator sees first is real and was read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from string import Template

from .. import resources
from ..atomic import check_not_installed
from ..errors import InputError
from .schema import schema

#: The files of data/example, and what they are called in a pack.
_FILES = {"pack.toml": "pack.toml", "README.md": "README.md", "check.yml": ".github/workflows/check.yml"}


def new_pack(name: str, *, with_example: bool = True) -> Mapping[str, bytes]:
    """The files of a pack of a name, under their names in its folder.

    Raises:
        InputError: where the name is none.
    """
    if not resources.NAME.fullmatch(name):
        raise InputError(f"{name!r} is not what a pack may be called: lower-case letters, digits and single hyphens, such as creatine")
    files = {}
    for file, called in _FILES.items():
        text = (resources.EXAMPLE / file).read_text(encoding="utf-8")
        files[called] = Template(text).substitute(name=name).encode()
    for table in schema():
        example = resources.EXAMPLE / "tables" / table.file
        header = ("\t".join(table.named) + "\n").encode()
        files[f"tables/{table.file}"] = example.read_bytes() if with_example and example.is_file() else header
    return files


def write_pack(name: str, *, with_example: bool = True) -> Path:
    """Make the folder of a pack, here; the folder.

    Raises:
        InputError: where the name is none, something is there already, or it cannot be written.
    """
    files, folder = new_pack(name, with_example=with_example), Path(name)
    check_not_installed(folder)
    if os.path.lexists(folder):
        raise InputError(f"{folder}: is there already, and nothing in it was touched; take another name")
    try:
        for called, content in files.items():
            path = folder / called
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return folder

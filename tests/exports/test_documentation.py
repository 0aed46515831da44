"""docs/exports.md says of each format what the format says of itself, and shows what it writes.

`python tests/exports/test_documentation.py` writes the page anew after a change that was meant.
"""

import tempfile
from pathlib import Path

import k2graph
from k2graph import resources
from k2graph.exports import choose, export, find_format, formats

PAGE = resources.ROOT / "docs" / "exports.md"
_SHOWN = "mgp-calcification-events"
_HEAD = f"""# Exports

`k2graph export FORMAT` writes the graph for another knowledge base; `--about THING` and `--mechanism M` choose a part of it, `--include`
adds what a format does not write unasked. What is left out is counted on standard error. Each format is accepted in the tests by the
reader's own software. The excerpts are of the mechanism `{_SHOWN}`, lines cut at 120 characters. This page is made by
`python tests/exports/test_documentation.py`.

Another package adds a format by an entry point in the group `k2graph.exports` that names a `k2graph.exports.Format`.

| format | what it is | read by | carries | loses |
| --- | --- | --- | --- | --- |
"""


def excerpt(path: Path, lines: int = 10, width: int = 120) -> list[str]:
    """The first lines of a file, each cut to a width; nothing of one that is no text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    # Only the ends of lines that an editor knows; a form feed or the like in a record ends none.
    return [line if len(line) <= width else line[: width - 1] + "…" for line in text.split("\n")[:lines] if "\0" not in line]


def documentation() -> str:
    part = choose(k2graph.open(), mechanism=_SHOWN)
    table, sections = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name in formats():
            target = find_format(name)
            cells = (f"[`{name}`](#{name})", target.title, target.readers, target.carries, target.loses)
            table.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
            path = Path(folder) / name
            export(part, target, path)
            section = [f"## {name}", "", f"`k2graph export {name}`: {target.title}, for {target.readers}.", ""]
            files = sorted(file for file in path.rglob("*") if file.is_file() and file.name != ".k2graph") if path.is_dir() else [path]
            if path.is_dir():
                section += ["A folder: " + ", ".join(f"`{file.relative_to(path).as_posix()}`" for file in files) + ".", ""]
            first = next((file for file in files if excerpt(file)), None)
            if first is not None:
                section += [f"`{first.relative_to(path).as_posix()}`:", ""] if path.is_dir() else []
                section += ["````text", *excerpt(first), "````", ""]
            sections.append("\n".join(section))
    return _HEAD + "\n".join(table) + "\n\n" + "\n".join(sections)


def test_the_page_shows_what_the_formats_say_and_write() -> None:
    assert PAGE.read_text(encoding="utf-8") == documentation(), "docs/exports.md is out of date; run this file with python"


if __name__ == "__main__":
    PAGE.write_text(documentation(), encoding="utf-8")

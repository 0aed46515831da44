"""What a terminal shows and a pipe does not: colours, icons, a bar while one waits."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path

import pytest
from project import Run, rows

import k2graph
from k2graph import palette
from k2graph.cli.options import FORMATS, REFERENCES
from k2graph.errors import InputError
from k2graph.evidence.model import Evidence
from k2graph.reports.outline import Block
from k2graph.sparql.examples import example
from k2graph.terminal import Progress, folded, table, with_colours, with_icons

COMMAND = (sys.executable, "-m", "k2graph")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def at_a_terminal(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """All that a command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    unset = {"NO_COLOR", "TERM", "COLUMNS", "FORCE_COLOR", "LESS"}
    usual = {"TERM": "xterm", "COLUMNS": "80", "LINES": "24", "PAGER": ""}
    kept = {name: value for name, value in os.environ.items() if name not in unset} | usual
    process = subprocess.Popen([*COMMAND, *arguments], stdout=theirs, stderr=theirs, stdin=theirs, env={**kept, **(environment or {})})
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    assert process.wait() == 0
    return written.decode().replace("\r\n", "\n")


class TestPager:
    def test_what_is_longer_than_the_terminal_goes_through_it(self, tmp_path: Path) -> None:
        pager = f"sh -c 'echo $LESS; cat > {tmp_path}/paged'"
        shown = at_a_terminal("ask", environment={"PAGER": pager})
        assert shown == "FRX\n"
        assert (tmp_path / "paged").read_text(encoding="utf-8").count("\n") > 24

    def test_colours_reach_it(self, tmp_path: Path) -> None:
        at_a_terminal("ask", "mechanisms-lacking-human-rct-support", environment={"PAGER": f"sh -c 'cat > {tmp_path}/paged'"})
        assert ESCAPE.search((tmp_path / "paged").read_text(encoding="utf-8"))

    @pytest.mark.parametrize(
        "environment",
        [
            {"PAGER": "no-such-pager"},
            {"PAGER": "less '"},
            {"PAGER": "less\\"},
            {"PAGER": ""},
            {"PAGER": "cat"},
            {"PAGER": "less", "TERM": "dumb"},
            {"PAGER": "false", "LINES": "900"},
        ],
    )
    def test_without_one_all_is_there(self, environment: dict[str, str]) -> None:
        assert at_a_terminal("ask", environment=environment) == at_a_terminal("ask")

    def test_one_that_ends_at_once_is_no_error(self) -> None:
        assert at_a_terminal("ask", environment={"PAGER": "true"}) == ""

    def test_a_pipe_has_none(self) -> None:
        done = subprocess.run([*COMMAND, "ask"], capture_output=True, check=True, env={**os.environ, "PAGER": "false"})
        assert done.stdout.count(b"\n") > 24


@pytest.mark.slow
def test_every_word_of_a_standing_has_a_look(evidence: Evidence) -> None:
    looks = palette.looks()
    assert [word.notation for word in evidence.scheme("results")] == list(looks.results)
    assert [word.notation for word in evidence.scheme("tiers")] == list(looks.tiers)
    assert [word.notation for word in evidence.scheme("stances")] == list(looks.stances)
    assert [word.notation for word in evidence.scheme("risks-of-bias")] == list(looks.risks)
    # No light rests on colour alone, and what nobody judged has none.
    lights = [each for word, each in looks.risks.items() if word != "not-appraised"]
    assert len({each.icon for each in lights}) == len({each.light for each in lights}) == len(lights)
    assert looks.risks["not-appraised"].icon == ""
    shown = [palette.NEUTRAL, *looks.results.values()]
    assert len({each.dashes for each in shown}) == len({each.light for each in shown}) == len(shown)
    icons = [each.icon for each in (*shown, *looks.tiers.values())]
    assert len(set(icons)) == len(icons)
    for words in (looks.stances, {word.notation: looks.tiers[word.notation] for word in evidence.tiers_of_evidence}):
        assert len({each.hatch for each in (palette.NEUTRAL, *words.values())}) == len(words) + 1
    drawn = {entity.kind_label: evidence.facts.one(entity.kind, "k2g:drawnAs") for entity in evidence.entities.values()}
    assert {kind for kind, shape in drawn.items() if shape not in palette.SHAPES} == {"food", "population"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("results = 3", "looks.toml: results is 3, which is no table"),
        ("[verdicts]", "looks.toml: 'verdicts' is no scheme whose words have looks; known are results, stances, tiers, risks"),
        ("[results]\nsingle = 3", "looks.toml: results.single is 3, which is no table"),
        (
            "[results]\nsingle = { icons = '1' }",
            "looks.toml: results.single: 'icons' is not known here; known are like, icon, light",
        ),
        ("[results]\nsingle = { icon = 1 }", "looks.toml: results.single.icon is 1, which is not a text"),
        ("[results]\nsingle = { dashes = [0.5] }", "looks.toml: results.single.dashes is [0.5], which is not a list of whole numbers"),
        ("[stances]\nopen = { like = 'single' }", "looks.toml: stances.open.like is 'single', which is no result that stands before it"),
        ("[results", "looks.toml: cannot be read: "),
    ],
)
def test_looks_that_are_not_in_order(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "looks.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"^{re.escape(message)}"):
        palette.read_looks(tmp_path / "looks.toml")


def test_a_look_is_neutral_where_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "looks.toml").write_text("[results]\nsingle = { icon = '1' }\n[tiers]\nanimals = { like = 'single', hatch = '' }")
    looks = palette.read_looks(tmp_path / "looks.toml")
    assert looks.results["single"] == replace(palette.NEUTRAL, icon="1")
    assert looks.tiers["animals"] == replace(palette.NEUTRAL, icon="1", hatch="")
    assert palette.of_result("a word of tomorrow") == palette.of_stance("another") == palette.of_tier("a third") == palette.NEUTRAL


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tones_can_be_told_from_the_ground(scheme: str) -> None:
    ground = {"light": 1.0, "dark": luminance("#15181c")}[scheme]
    for each in (palette.NEUTRAL, *palette.looks().results.values()):
        here = luminance(getattr(each, scheme))
        lighter, darker = max(ground, here), min(ground, here)
        # https://www.w3.org/TR/WCAG21/#non-text-contrast
        assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_standing_is_marked_where_it_is_one() -> None:
    assert with_icons("links: untested") == "links: ? untested"
    assert with_icons("a single trial, in animals") == "a single trial, in animals"
    colour = palette.of_result("not-shown").terminal
    shown = " ".join(f"\x1b[{colour}m{word}\x1b[0m" for word in ("◇", "not", "shown", "in", "animals"))
    assert with_colours("not shown in animals (2)") == f"{shown} (2)"


@pytest.mark.parametrize("ground", ["#000000", "#ffffff"])
def test_colours_of_a_terminal_can_be_read_on_any_ground(ground: str) -> None:
    for each in (palette.NEUTRAL, *palette.looks().results.values()):
        (number,) = re.findall(r"^38;5;(\d+)$", each.terminal)
        # Of the 256 colours of xterm the cube begins at 16, the greys at 232.
        cube, grey = int(number) - 16, 8 + 10 * (int(number) - 232)
        steps = [(cube // 36, cube // 6 % 6, cube % 6)] if cube < 216 else []
        parts = [55 + 40 * step if step else 0 for step in steps[0]] if steps else [grey] * 3
        here, there = luminance("#" + "".join(f"{part:02x}" for part in parts)), luminance(ground)
        assert (max(here, there) + 0.05) / (min(here, there) + 0.05) >= 3, each


def test_a_standing_keeps_its_colour_where_it_is_folded() -> None:
    shown = table(["a", "b"], [["Vitamin K2 keeps bones", "consistent in human trials (7)"]], 24, with_colours)
    assert len(shown.splitlines()) > 3
    plain = table(["a", "b"], [["Vitamin K2 keeps bones", "✔ consistent in human trials (7)"]], 24)
    assert [line.rstrip() for line in ESCAPE.sub("", shown).splitlines()] == plain.splitlines()
    colour = re.escape(f"\x1b[{palette.of_result('consistent').terminal}m")
    assert len(re.findall(colour, shown)) == 5
    block = Block("of it", ["the standing is: consistent in human trials (7)"]).to_text(24, with_colours)
    assert [len(re.findall(colour, line)) for line in block.splitlines()] == [
        0,
        1,
        3,
        1,
    ]  # 24 columns hold "the standing is: ✔", then "consistent in human"
    assert ESCAPE.sub("", block) == Block("of it", ["the standing is: ✔ consistent in human trials (7)"]).to_text(24)


def test_text_is_folded_at_spaces_that_break_and_nowhere_else() -> None:
    assert folded("one 20\u202fµg two-three  four", 12, "- ", "  ") == ["- one 20\u202fµg", "  two-three", "  four"]
    assert folded("averyveryverylongword b", 8, "", "  ") == ["averyveryverylongword", "  b"]
    assert folded("  set in by itself", 11, "- ", "  ") == ["-   set in", "  by itself"]
    assert folded("", 8, "", "") == []


@pytest.mark.slow
def test_a_question_has_a_row_for_each_answer_at_100_columns(graph: k2graph.Graph, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for question in graph.questions:
        given = {name: value for name, value in example(graph, question).items() if question.parameter(name).required}
        answer = graph.ask(question.name, **given)
        # The rows that need most room are what decides about it; folding two thousand more takes seconds.
        longest = sorted(answer.terms, key=lambda row: len("".join(map(str, row))), reverse=True)[:50]
        shown = replace(answer, terms=tuple(longest)).to_table(100)
        assert "──" in shown, question.name
        assert max(map(len, shown.splitlines())) <= 100, question.name
        head, _, *lines = answer.to_table().splitlines()
        assert head.split() == list(answer.columns), question.name
        assert len(lines) == len(answer), question.name
    monkeypatch.setenv("COLUMNS", "100")
    asked = run("ask", "mechanisms-lacking-human-rct-support")
    assert asked.out.splitlines()[0].split() == ["label", "end_to_end", "reaches"]
    assert asked.err.endswith("k2graph: 12 more columns with --format md, csv or json\n")
    monkeypatch.setenv("COLUMNS", "900")
    asked = run("ask", "mechanisms-lacking-human-rct-support")
    assert (len(asked.out.splitlines()[0].split()), asked.err) == (15, "")


@pytest.mark.parametrize("arguments", [("explain", "mgp-calcification-events"), ("ask", "contested-claims"), ("path", "MK-7", "dp-ucMGP")])
@pytest.mark.slow
def test_a_terminal_has_colours_within_80_columns_and_a_pipe_has_none(run: Run, arguments: tuple[str, ...], some_of_all: Path) -> None:
    arguments = (*arguments, "--data", str(some_of_all))
    shown = at_a_terminal(*arguments)
    assert ESCAPE.search(shown)
    plain = ESCAPE.sub("", shown)
    # A name that is longer than what is left of a line stays whole, so that it can be copied.
    assert max(len(line) for line in plain.splitlines() if len(line.split()) > 2) <= 80
    assert any(f"{each.icon} {name} in" in plain for name, each in palette.looks().results.items())
    assert not ESCAPE.search(run(*arguments).out)
    # Without colours the icons are there still.
    assert at_a_terminal(*arguments, environment={"NO_COLOR": "1"}) == plain
    assert not ESCAPE.search(at_a_terminal(*arguments, environment={"TERM": "dumb"}))


def test_stats_fit_a_terminal() -> None:
    shown = at_a_terminal("stats")
    assert max(map(len, shown.splitlines())) <= 80
    assert re.search(rf"^study\s+{len(rows('studies'))}$", shown, re.MULTILINE)


def test_who_waits_sees_a_bar_and_it_goes(capsys: pytest.CaptureFixture[str], mechanism_alone: Path) -> None:
    shown = at_a_terminal("validate", str(mechanism_alone))
    assert "validating" in shown
    assert "\x1b[?25h" in shown  # the cursor is there again
    with Progress("waiting") as progress:
        progress("part")
    assert capsys.readouterr() == ("", "")


LOCALES = {
    # As Python has it on Windows, where output goes to a file or a pipe; and where no locale is set at all.
    "cp1252": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
LETTERS = 'SELECT ("α-tocopherol, Δ, K₂" AS ?x) ("Ziemińska" AS ?y) {}'
PIPED = [
    *(("query", LETTERS, "--format", form) for form in FORMATS),
    ("query", "DESCRIBE entity:alpha-tocopherol"),
    ("query", "CONSTRUCT { <a:b> rdfs:label 'Δ Ziemińska' } {}"),
    ("query", "CONSTRUCT { <a:b> rdfs:label 'Δ Ziemińska' } {}", "--format", "json"),
    *(("ask", "studies", "--format", form) for form in (*FORMATS, *REFERENCES)),
    *(("explain", "report:pmid-36235734", "--format", form) for form in ("text", "md", "json")),
    *(("path", "MK-7", "dp-ucMGP", "--format", form) for form in ("text", "json")),
    ("stats",),
    ("export",),
]


# Letters of a query go through both locales; of the others, which write by the same way, each goes through one.
EACH_IN_A_LOCALE = [
    *((arguments, locale) for arguments in PIPED if arguments[0] == "query" for locale in LOCALES),
    *zip((arguments for arguments in PIPED if arguments[0] != "query"), cycle(LOCALES)),
]
EXPORTED = ("csv", "ris", "jsonld", "turtle")

#: Command → its exit code and what it wrote.
Written = dict[tuple[str, ...], tuple[int, bytes]]
InLocales = Callable[[str], tuple[Path, Written]]

#: Several commands in one process, each writing as if it had just begun, to a file of its own: no terminal, as a pipe is none.
_ONE_AFTER_ANOTHER = """
import functools, json, sys
from k2graph import graph
from k2graph.cli.main import main
graph.open = functools.cache(graph.open)
out = sys.stdout
how = {"encoding": out.encoding, "errors": out.errors}
with open(sys.argv[1], encoding="utf-8") as file:
    commands = json.load(file)
codes = []
for number, arguments in enumerate(commands):
    with open(f"{sys.argv[1]}.{number}", "w", **how) as sys.stdout:
        codes.append(main(arguments))
json.dump(codes, out)
"""


def piped(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    unset = {"PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LANG", "LC_CTYPE"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run([sys.executable, *arguments], capture_output=True, check=False, env={**kept, **environment})


@pytest.fixture(scope="module")
def in_locales(tmp_path_factory: pytest.TempPathFactory, some_of_all: Path) -> InLocales:
    """A folder with what was exported in a locale, and what each command left behind there."""

    @cache
    def run_in(locale: str) -> tuple[Path, Written]:
        folder = tmp_path_factory.mktemp("locale")
        exports = [
            ("export", name, "--about", "claim:vitamin-k-level-time-in-therapeutic-range", "--output", str(folder / name))
            for name in EXPORTED
        ]
        commands = [*exports, *(arguments for arguments, where in EACH_IN_A_LOCALE if where == locale)]
        listed = folder / "commands.json"
        listed.write_text(json.dumps([[*arguments, "--data", str(some_of_all)] for arguments in commands]), encoding="utf-8")
        done = piped(("-c", _ONE_AFTER_ANOTHER, str(listed)), LOCALES.get(locale, {"PYTHONUTF8": "1"}))
        assert done.returncode == 0, done.stderr
        codes = json.loads(done.stdout)
        left = {
            arguments: (code, Path(f"{listed}.{number}").read_bytes())
            for number, (arguments, code) in enumerate(zip(commands, codes, strict=True))
        }
        assert [left[arguments] for arguments in exports] == [(0, b"")] * len(exports)
        return folder, left

    return run_in


@pytest.mark.parametrize(("arguments", "locale"), EACH_IN_A_LOCALE)
@pytest.mark.slow
def test_what_goes_to_a_pipe_is_utf_8_in_every_locale(
    arguments: tuple[str, ...], locale: str, run: Run, in_locales: InLocales, some_of_all: Path
) -> None:
    whole = run(*arguments, "--data", some_of_all)
    assert whole.code == 0
    if arguments[0] == "query" and "DESCRIBE" not in arguments[1]:
        assert "Δ" in whole.out
        assert "Ziemińska" in whole.out
    _, left = in_locales(locale)
    code, out = left[arguments]
    assert (code, out.decode()) == (0, whole.out)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.slow
def test_a_query_from_a_pipe_or_a_file_is_utf_8_in_every_locale(tmp_path: Path, locale: str) -> None:
    file = tmp_path / "query.rq"
    # As some editors on Windows write it: with a byte order mark.
    file.write_text(LETTERS, encoding="utf-8-sig")
    expected = 'x,y\n"α-tocopherol, Δ, K₂",Ziemińska\n'.encode()
    assert piped(("-m", "k2graph", "query", "--file", str(file), "--format", "csv"), LOCALES[locale]).stdout == expected
    command = [*COMMAND, "query", "-", "--format", "csv"]
    assert (
        subprocess.run(command, input=file.read_bytes(), stdout=subprocess.PIPE, check=True, env={**os.environ, **LOCALES[locale]}).stdout
        == expected
    )


@pytest.mark.parametrize("target", EXPORTED)
@pytest.mark.slow
def test_files_are_utf_8_in_every_locale(in_locales: InLocales, target: str) -> None:
    def written(locale: str) -> dict[str, bytes]:
        path = in_locales(locale)[0] / target
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        return {str(file.relative_to(path)): file.read_bytes() for file in files}

    whole = written("UTF-8")
    assert any(ord(letter) > 255 for content in whole.values() for letter in content.decode())
    for locale in LOCALES:
        assert written(locale) == whole


def test_only_a_terminal_that_has_fewer_letters_shows_question_marks_and_only_in_tables() -> None:
    few = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "?-tocopherol, ?, K?" in at_a_terminal("query", LETTERS, environment=few)
    assert "α-tocopherol, Δ, K₂" in at_a_terminal("query", LETTERS, "--format", "csv", environment=few)


COMMANDS = [
    ("ask", "reference-intakes"),
    ("ask", "reference-intakes", "--format", "csv"),
    ("query", "SELECT ?s { ?s a k2g:Claim }", "--format", "json"),
    ("query", "CONSTRUCT { ?s ?p ?o } WHERE { ?s a k2g:Claim ; ?p ?o }"),
    ("explain", "mk-7"),
    ("export",),
    ("stats",),
]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_standard_output_that_takes_nothing_is_one_error(command: tuple[str, ...]) -> None:
    program = [sys.executable, "-m", "k2graph", *command]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "k2graph: standard output: cannot be written: No space left on device\n")
    closed = subprocess.run(["/bin/sh", "-c", 'exec "$@" >&-', "sh", *program], stderr=subprocess.PIPE, text=True, check=False)
    assert closed.returncode == 2
    assert closed.stderr.startswith("k2graph: standard output: cannot be written: ")
    assert closed.stderr.count("\n") == 1


@pytest.mark.slow
def test_where_standard_error_is_closed_errors_do_not_stand_among_data() -> None:
    program = [sys.executable, "-m", "k2graph", "explain", "nothing at all"]
    done = subprocess.run(["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *program], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")

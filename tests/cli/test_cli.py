"""The command line as a shell sees it: exit codes, what goes to which stream, and how wide it is."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from project import Outcome, Run

import k2graph
from k2graph import resources
from k2graph.cli.options import FORMATS
from k2graph.server.query_processes.answering import Limits
from k2graph.sparql.questions import read_questions

QUESTIONS = {question.name: question for question in read_questions()}
EXAMPLES = {
    "ask": "k2graph ask evidence-for-claim --claim mk-7-level-dp-ucmgp",
    "query": "k2graph query 'SELECT ?f { ?f k2g:formOf entity:vitamin-k2 }'",
    "validate": "k2graph validate data/k2.ttl",
    "build": "k2graph build --check",
    "stats": "k2graph stats",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.ttl"
    path.write_text(
        "@prefix k2g: <https://w3id.org/k2graph/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<https://w3id.org/k2graph/entity/mk-7> a k2g:NutrientForm ; rdfs:label "MK-7" .\n',
        encoding="utf-8",
    )
    return path


def process(*arguments: str | Path, text: str | None = None, **environment: str) -> Outcome:
    """Run the installed command in a process of its own."""
    done = subprocess.run(
        [Path(sys.executable).with_name("k2graph"), *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def is_one_error(said: Outcome, message: str) -> None:
    code, out, err = said
    assert code == 2
    assert out == ""
    assert re.fullmatch(rf"k2graph: {message}\n", err), err


# Help


def test_help_names_every_command_and_shows_an_example(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    for command in EXAMPLES:
        assert re.search(rf"^    {command} ", out, re.MULTILINE)
    assert "example: k2graph ask mechanisms-lacking-human-rct-support" in out


@pytest.mark.parametrize("command", EXAMPLES)
def test_each_command_has_help_with_an_example(run: Run, command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert f"example: {EXAMPLES[command]}" in " ".join(out.split())
    assert out.startswith(f"usage: k2graph {command}")


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version") == (0, f"k2graph {k2graph.__version__}\n", "")


def test_no_command_or_a_wrong_one_is_wrong_use(run: Run) -> None:
    for arguments in ((), ("nonsense",), ("--nonsense",), ("stats", "--nonsense"), ("stats", "more"), ("ask", "--quest")):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("usage: k2graph")
        assert "Traceback" not in err


# ask


def test_ask_alone_lists_the_questions(run: Run) -> None:
    code, out, err = run("ask")
    assert (code, err) == (0, "")
    for question in QUESTIONS:
        assert question in out


@pytest.mark.parametrize("command", ["query", "serve"])
@pytest.mark.extras
def test_help_tells_the_limits_as_they_are(run: Run, command: str) -> None:
    limits = Limits()
    told = {"--timeout": f"{limits.timeout:g}", "--max-rows": f"{limits.max_rows}", "--memory": f"{limits.memory // 2**20}"}
    text = " ".join(run(command, "--help").out.partition("options:")[2].split())
    for option, default in told.items():
        assert f"(default: {default})" in text.partition(f"{option} ")[2].partition(" --")[0], option


def test_every_question_has_help_with_its_columns_and_parameters(run: Run) -> None:
    for question in QUESTIONS.values():
        code, out, err = run("ask", question.name, "--help")
        assert (code, err) == (0, "")
        assert out.startswith(f"usage: k2graph ask {question.name}")
        said = " ".join(out.split())
        assert question.title in said
        assert " ".join(question.description.split()) in said
        assert "Leaves out: " in said
        for column, meaning in question.columns.items():
            assert f"{column} {' '.join(meaning.split())}" in said
        for parameter in question.parameters.values():
            assert f"--{parameter.name.replace('_', '-')} " in said
            assert parameter.example in "".join(out.split())  # argparse breaks lines at hyphens


def test_what_is_required_is_asked_for(run: Run) -> None:
    is_one_error(
        run("ask", "paths", "--to", "vascular-calcification"),
        r"'paths' asks for from \(where it begins\); this graph has an answer with to = entity:vascular-calcification, for example, .*",
    )
    is_one_error(run("ask", "evidence-for-claim", "--format", "csv"), r"'evidence-for-claim' asks for claim .*mk-7-level-dp-ucmgp.*")


def test_help_names_only_what_the_graph_has(run: Run, small: Path) -> None:
    said = " ".join(run("ask", "paths", "--help").out.split())
    assert "where it begins (required; for example mk-7)" in said
    for question in QUESTIONS:
        for data in (small, small.with_name("none.ttl")):
            code, out, err = run("ask", question, "--help", "--data", data)
            assert (code, err) == (0, "")
            assert "for example" not in out.partition("columns of the answer")[0].partition("Leaves out")[2]


def test_a_question_nothing_like_any_is_wrong_use(run: Run) -> None:
    is_one_error(run("ask", "qqqqqq"), f"no question 'qqqqqq'; there are: {', '.join(sorted(QUESTIONS))}")


@pytest.mark.parametrize(
    ("called", "meant"),
    [("contested-claim", "contested-claims"), ("interactions", "drug-interactions"), ("evidence-for-claims", "evidence-for-claim")],
)
def test_a_question_near_another_suggests_it(run: Run, called: str, meant: str) -> None:
    is_one_error(run("ask", called), rf"no question '{called}'; did you mean .*'{meant}'.*")


def test_ask_answers_on_standard_output_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    code, out, err = run("ask", "contested-claims")
    assert (code, err) == (0, "k2graph: 3 more columns with --format md, csv or json\n")
    assert "contested in human trials" in out
    code, out, err = run("ask", "contested-claims", "--format", "csv")
    assert (code, err) == (0, "")
    assert "claim:" in out


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_is_what_python_gives(run: Run, form: str) -> None:
    answer = k2graph.open().ask("drug-interactions", drug="warfarin")
    expected = {"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json, "md": answer.to_markdown}
    code, out, err = run("ask", "drug-interactions", "--drug", "warfarin", "--format", form)
    assert (code, err) == (0, "k2graph: 7 more columns with --format md, csv or json\n" if form == "table" else "")
    if form != "table":
        assert out == expected[form]()


def test_parameters_may_stand_anywhere_after_the_question(run: Run) -> None:
    one = run("ask", "studies", "--form", "MK-7", "--design", "rct", "--format", "csv")
    assert one[0] == 0
    assert run("ask", "studies", "--design=rct", "--format", "csv", "--form=mk-7") == one
    assert run("ask", "--format=csv", "studies", "--form", "mk-7", "--design", "rct") == one


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("studies", "--form", "nonsense-nobody-said"), "no entity is called 'nonsense-nobody-said'.*"),
        (("studies", "--form", "mk7"), "no entity is called 'mk7'; did you mean 'mk-7'.*"),
        (("studies", "--design", "rtc"), r"design: 'rtc' is not one of: .*; did you mean 'rct'\?"),
        (("evidence-for-claim", "--claim", "MK-7"), "no claim is called 'MK-7'.*"),
    ],
)
def test_a_wrong_value_is_one_line(run: Run, arguments: tuple[str, ...], message: str) -> None:
    is_one_error(run("ask", *arguments), message)


@pytest.mark.parametrize("arguments", [("--dessign", "rct"), ("--form",), ("--format", "xml"), ("more",), ("--des", "rct")])
def test_a_wrong_option_of_a_question_is_wrong_use(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run("ask", "studies", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: k2graph ask")
    assert "error: " in err
    assert "Traceback" not in err


def test_an_answer_of_nothing_says_so_beside_it(run: Run, small: Path) -> None:
    code, out, err = run("ask", "contested-claims", "--data", small, "--format", "json")
    assert (code, err) == (0, "nothing in this graph answers contested-claims\n")
    content = json.loads(out)
    assert content["rows"] == []
    assert content["nothing"] == "nothing in this graph answers contested-claims"


# query


def test_a_query_comes_from_the_command_line_a_file_or_standard_input(small: Path, tmp_path: Path, run: Run) -> None:
    text = "SELECT ?label { entity:mk-7 rdfs:label ?label } # ä"
    file = tmp_path / "query.rq"
    file.write_text(text, encoding="utf-8")
    expected = (0, "label\nMK-7\n", "")
    assert run("query", text, "--data", small, "--format", "csv") == expected
    assert run("query", "--file", file, "--data", small, "--format", "csv") == expected
    assert process("query", "-", "--data", small, "--format", "csv", text=text) == expected


def test_an_ask_answers_by_its_exit_code_too(run: Run, small: Path) -> None:
    assert run("query", "ASK { entity:mk-7 ?p ?o }", "--data", small) == (0, "yes\n", "")
    assert run("query", "ASK { entity:mk-4 ?p ?o }", "--data", small) == (1, "no\n", "")


@pytest.mark.parametrize(
    ("form", "words"), [("table", "yes no"), ("md", "yes no"), ("json", "true false"), ("csv", "true false"), ("tsv", "true false")]
)
def test_a_truth_value_has_the_word_of_its_format(run: Run, small: Path, form: str, words: str) -> None:
    yes, no = words.split()
    assert run("query", "ASK { entity:mk-7 ?p ?o }", "--data", small, "--format", form) == (0, f"{yes}\n", "")
    assert run("query", "ASK { entity:mk-4 ?p ?o }", "--data", small, "--format", form) == (1, f"{no}\n", "")


def test_triples_in_json_are_json_ld_and_have_no_form_as_a_table(run: Run, small: Path) -> None:
    code, out, err = run("query", "CONSTRUCT WHERE { ?s rdfs:label ?label }", "--data", small, "--format", "json")
    assert (code, err) == (0, "")
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert json.loads(out) == [{"@id": "https://w3id.org/k2graph/entity/mk-7", label: [{"@value": "MK-7"}]}]
    for form in ("csv", "tsv", "md"):
        for query in ("CONSTRUCT WHERE { ?s ?p ?o }", "PREFIX a: <b:> describe entity:mk-7"):
            said = run("query", query, "--data", small, "--format", form)
            is_one_error(said, f"triples have no form as {form}; leave out --format for Turtle, or take json for JSON-LD")


DOUBLED = "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789' AS ?x0) " + " ".join(
    f"BIND(CONCAT(?x{place}, ?x{place}) AS ?x{place + 1})" for place in range(40)
)
BOMBS = {
    "a cross product": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        ("--timeout", "1"),
        "longer than 1 seconds .* --timeout",
    ),
    "a table of it": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", ("--timeout", "300"), "more than 250,000 rows, .* LIMIT"),
    "triples of it": ("CONSTRUCT { ?a <a:b> ?d } { ?a ?b ?c . ?d ?e ?f }", ("--max-rows", "5"), "more than 5 rows, .* LIMIT"),
    # More time than the default: beside other tests the memory fills slowly.
    "a doubled string": (DOUBLED + " }", ("--timeout", "300"), "more than 2,048 MiB of memory .* --memory"),
    "a sorted one": ("SELECT ?a { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c", ("--memory", "64"), "more than 64 MiB of memory .* --memory"),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.slow
def test_a_query_that_takes_too_much_is_one_line(run: Run, bomb: str) -> None:
    query, limits, message = BOMBS[bomb]
    before = sum(os.times()[:4])
    is_one_error(run("query", query, *limits), f".*{message}.*")
    # The default time, which none of them needs; of the processor, here and in the process that answers.
    assert sum(os.times()[:4]) - before < 30


def test_an_answer_within_the_limits_is_whole(run: Run) -> None:
    code, out, err = run("query", "SELECT ?a { ?a ?b ?c } LIMIT 7", "--max-rows", "7", "--format", "csv")
    assert (code, err, len(out.splitlines())) == (0, "", 8)
    is_one_error(run("query", "SELECT ?a { ?a ?b ?c } LIMIT 8", "--max-rows", "7"), "the answer has more than 7 rows, .*")


def test_limits_that_allow_nothing_are_refused(run: Run) -> None:
    for option, value, message in (
        ("--timeout", "0", "--timeout is more than 0 and at most 3600 seconds, not 0"),
        ("--timeout", "nan", "--timeout is more than 0 .*"),
        ("--memory", "1", "--memory is 64 MiB or more, .*"),
    ):
        is_one_error(run("query", "ASK {}", option, value), message)
    refused = run("query", "ASK {}", "--endpoint", "http://127.0.0.1:9/", "--memory", "64")
    is_one_error(refused, "--memory bounds a query on a file; an endpoint has its own bound")


NUMBERS = {
    ("path", "MK-7", "apoptosis"): ("--most",),
    ("view", "--about", "MK-7"): ("--hops",),
    ("plot", "mk-7-level-dp-ucmgp"): ("--number",),
    ("query", "ASK {}"): ("--max-rows", "--memory"),
    ("push", "http://127.0.0.1:9/"): ("--batch",),
    ("derive", "--endpoint", "http://127.0.0.1:9/"): ("--batch",),
    ("serve",): ("--port", "--max-concurrent", "--max-per-client", "--cache", "--max-rows", "--memory"),
}


@pytest.mark.parametrize("number", ["-3", "0", "1.5", "x", "", "99999999999999999999", "9" * 5000])
def test_a_number_that_counts_nothing_is_refused_in_one_line(run: Run, number: str) -> None:
    for command, options in NUMBERS.items():
        for option in options:
            if (option, number) != ("--cache", "0"):  # which is no cache
                is_one_error(run(*command, option, number), rf"{option} is a whole number from [01] to 1,000,000,000, not '{number}'")


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("ask", "evidence-for-claim", "--claim", "a", "--claim", "b"), "--claim"),
        (("ask", "contested-claims", "--format", "csv", "--format=json"), "--format"),
        (("export", "turtle", "--about", "a", "--about", "a"), "--about"),
        (("build", "--tables", "a", "--tables", "b"), "--tables"),
        (("path", "a", "b", "--most", "1", "--most", "2"), "--most"),
    ],
)
def test_an_option_that_is_given_twice_is_refused(run: Run, arguments: tuple[str, ...], option: str) -> None:
    is_one_error(run(*arguments), f"{option} is given more than once")


def test_chains_that_are_not_shown_are_told(run: Run) -> None:
    said = "2 chains shown, and there are more: --most N shows others."
    asked = ("path", "MK-7", "apoptosis", "--most", "2", "--format")
    assert said in run(*asked, "text").out
    assert said in run(*asked, "md").out.replace("\\", "")
    found = json.loads(run(*asked, "json").out)
    assert (found["shown"], found["more"], len(found["blocks"])) == (2, True, 2)
    every = json.loads(run("path", "MK-7", "apoptosis", "--most", "1000", "--format", "json").out)
    assert (every["shown"], every["more"]) == (len(every["blocks"]), False)
    assert not any("shown, and" in line for line in every["lines"])


def test_a_process_that_cannot_be_started_is_one_error(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    outcome = run("query", "ASK {}")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"k2graph: {tmp_path / 'none'}: cannot be started, as it must be for a query: No such file or directory\n"


@pytest.mark.slow
def test_a_query_that_would_abort_the_engine_is_one_error(run: Run, small: Path) -> None:
    deep = "SELECT * { " + "OPTIONAL { ?a ?b ?c " * 90 + "}" * 90 + " }"
    # On few triples it goes all the way down; on many it is stopped on its way.
    for limits in (("--data", small), ("--timeout", "2")):
        code, _, err = run("query", deep, *limits)
        assert (code, err.count("\n")) in {(0, 0), (0, 1), (2, 1)}
    is_one_error(
        run("query", "ASK { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }"), "the query is nested deeper than 100 brackets"
    )


@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE entity:mk-7"])
def test_triples_are_turtle_with_the_graphs_prefixes(run: Run, small: Path, tmp_path: Path, query: str) -> None:
    code, out, err = run("query", query, "--data", small)
    assert (code, err) == (0, "")
    assert "entity:mk-7" in out
    again = tmp_path / "again.ttl"
    again.write_text(out, encoding="utf-8")
    assert run("query", query, "--data", again) == (0, out, "")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT", r"not a SPARQL query: .*\d+:\d+.*"),
        ("SELECT * WHERE { ?s ?p }", r"not a SPARQL query: .*\d+:\d+.*"),
        ("SELECT * WHERE {\n ?s x:y ?o }", r"not a SPARQL query: .*"),
        ("", r"not a SPARQL query: .*"),
        ("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "the query uses SERVICE, which would .* --endpoint"),
        ("DROP ALL", "DROP changes a graph; k2graph only reads: .*"),
        ("ASK " + "{" * 200 + "}" * 200, "the query is nested deeper than 100 brackets"),
    ],
)
def test_a_query_that_is_none_is_one_line_with_its_place(run: Run, small: Path, query: str, message: str) -> None:
    is_one_error(run("query", query, "--data", small), message)


def test_the_place_of_a_fault_is_counted_in_the_askers_own_text(run: Run, small: Path) -> None:
    # The graph's prefixes are put before the query; the asker did not write them.
    is_one_error(run("query", "SELECT * WHERE {\n  ?s ?p\n}", "--data", small), r"not a SPARQL query: .*\b3:\d\b.*")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * WHERE { ?s ?p }", "error at 1:25, or just before: this cannot stand here"),
        ("SELECT * {\n  ?s ?p\n}\n", "error at 4:1, or just before: this cannot stand here"),
        ("SELECT * WHERE { ?s foaf:name ?o }", "error at 1:21: the prefix foaf: is not declared; begin the query with PREFIX foaf: .*"),
        ("SELECT *\n{ ?s a k2g:Claim ;\n  k2:p _:b, 'x:y'@en }", "error at 3:3: the prefix k2: is not declared; did you mean 'k2g'.*"),
        ("PREFIX x: <a:>\nASK { x:a :b x:c }", "error at 2:11: the prefix : is not declared; .*"),
        (
            "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }",
            r"error at 1:40: SELECT names a variable that is neither in GROUP BY nor within COUNT.*",
        ),
        ("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s", "error at 1:52: SELECT names a variable that is neither in GROUP BY .*"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", r"error at 1:34: SELECT \* cannot stand with GROUP BY; name the variables"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "error at 1:30: SELECT gives two columns the same name"),
        ("SELECT ?x WHERE { ?s ?p <rel> }", "error at 1:30: an IRI is not valid, or is relative where no BASE is declared"),
    ],
)
def test_what_is_wrong_with_a_query_is_one_sentence(run: Run, small: Path, query: str, message: str) -> None:
    is_one_error(run("query", query, "--data", small), f"not a SPARQL query: {message}")
    with pytest.raises(k2graph.InputError, match=f"^not a SPARQL query: {message}$"):
        k2graph.open(small).query(query)


def test_the_askers_own_prefixes_win(run: Run, small: Path) -> None:
    prefixes = "PREFIX rdfs: <http://example.org/>\nPREFIX own: <http://www.w3.org/2000/01/rdf-schema#>"
    query = prefixes + " SELECT * { ?s own:label ?a FILTER(rdfs:x = <http://example.org/x>) }"
    assert run("query", query, "--data", small, "--format", "csv") == (0, "s,a\nentity:mk-7,MK-7\n", "")


def test_a_query_is_given_once(run: Run, tmp_path: Path) -> None:
    for arguments in ((), ("ASK {}", "--file", tmp_path / "x.rq")):
        code, out, err = run("query", *arguments)
        assert (code, out) == (2, "")
        assert "give the query as text, or a file with --file" in err


def test_a_file_of_a_query_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    latin = tmp_path / "latin.rq"
    latin.write_bytes("ASK {} # ä".encode("latin-1"))
    is_one_error(run("query", "--file", tmp_path / "none.rq"), f"{tmp_path}/none.rq: cannot be read: No such file or directory")
    is_one_error(run("query", "--file", tmp_path), f"{tmp_path}: cannot be read: Is a directory")
    is_one_error(run("query", "--file", latin), f"{latin}: cannot be read: not UTF-8")


def test_standard_input_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("k2graph"), "query", "-"],
        input=b"ASK {} # \xff",
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},  # as most locales have it
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1


# Graphs that cannot be read


@pytest.mark.parametrize("command", [("ask", "contested-claims"), ("query", "ASK {}"), ("stats",), ("validate",)])
def test_a_graph_that_cannot_be_read_is_one_line(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    def said(path: Path) -> Outcome:
        return run(*command, *([path] if command == ("validate",) else ["--data", path]))

    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix a: <a:> .\na:s a:p\n a:o ;;; ]\n", encoding="utf-8")
    folder = tmp_path / "folder.ttl"
    folder.mkdir()
    unknown = tmp_path / "graph.csv"
    unknown.write_text("a,b\n", encoding="utf-8")
    binary = tmp_path / "binary.ttl"
    binary.write_bytes(b"\x00\xff\xfe")
    is_one_error(said(tmp_path / "none.ttl"), f"{tmp_path}/none.ttl: cannot be read: No such file or directory.*")
    is_one_error(said(folder), f"{folder}: cannot be read: .*[Dd]irectory.*")
    is_one_error(said(broken), rf"{broken}:3: not valid RDF: .+")
    is_one_error(said(binary), rf"{binary}:1: not valid RDF: .+")
    is_one_error(said(unknown), rf"{unknown}: the ending says no format; use one of \.ttl, \.nt, .*, \.json, each also with \.gz")


def test_other_forms_of_a_graph_are_read(run: Run, tmp_path: Path) -> None:
    triple = "<http://example.org/s> <http://example.org/p> <http://example.org/o> ."
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '<rdf:Description rdf:about="http://example.org/s"><e:p rdf:resource="http://example.org/o"/></rdf:Description></rdf:RDF>'
    )
    for file, text in {"g.ttl": triple, "g.nt": triple, "g.rdf": xml, "g.xml": xml, "G.TTL": triple, "empty.ttl": ""}.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
        code = 1 if file == "empty.ttl" else 0
        assert run("query", "ASK { ?s ?p ?o }", "--data", tmp_path / file)[0] == code


# Streams, pipes, width


def _asking(questions: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The command for each question, with what its file has for examples of what has to be given."""
    for question in questions:
        yield ("ask", question, *(part for each in QUESTIONS[question].needed() for part in (f"--{each.name}", each.example)))


@pytest.mark.parametrize(
    "command", [("ask", "reports"), ("ask", "studies", "--format", "json"), ("query", "CONSTRUCT WHERE { ?s a k2g:Finding }")]
)
def test_a_reader_that_leaves_early_is_no_fault(command: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [Path(sys.executable).with_name("k2graph"), *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.read(1)
        running.stdout.close()
        # Where the pipe took all of it, nobody knows that the reader has left.
        assert re.fullmatch(rb"(k2graph: \d+ more columns with --format md, csv or json\n)?", running.stderr.read())
        assert running.wait() == 0


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "dumb"}, {"CLICOLOR_FORCE": "1"}], ids=str)
@pytest.mark.slow
def test_a_pipe_gets_no_colours(environment: dict[str, str]) -> None:
    for command in (("ask",), ("ask", "contested-claims"), ("ask", "studies", "--help")):
        code, out, err = process(*command, **environment)
        assert (code, err) == (0, "k2graph: 3 more columns with --format md, csv or json\n" if command[-1] == "contested-claims" else "")
        assert "\x1b" not in out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_tables_keep_to_the_width_of_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, some_of_all: Path, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LINES", "24")
    questions = QUESTIONS if width == 80 else ["evidence-for-claim", "studies"]
    for command in (("ask",), ("stats",), *_asking(questions)):
        # Each question has an answer in a part of the graph, and folding one of thousands of rows takes seconds.
        code, out, _ = run(*command, *(() if command == ("ask",) else ("--data", some_of_all)))
        assert (code, out != "") == (0, True), command
        for line in out.splitlines():
            # A word that fits nowhere, such as an address, stands alone after the name of its column.
            assert len(line) <= width or len(line.split()) <= 2, (command, line)


def test_text_of_a_graph_cannot_colour_a_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hostile.ttl"
    path.write_text('<a:s> <a:p> "\\u001B[31mred\\u0007 \\u202Eleft [bold]x[/bold] :smile:" .', encoding="utf-8")
    code, out, _ = run("query", "SELECT ?o { ?s ?p ?o }", "--data", path)
    assert code == 0
    assert "[31mred   left [bold]x[/bold] :smile:" in out
    assert not re.search("[\x1b\x07\u202e]", out)


def test_a_message_cannot_colour_a_terminal(run: Run) -> None:
    code, out, err = run("ask", "studies", "--form", "\x1b[31mred")
    assert (code, out) == (2, "")
    assert "\x1b" not in err
    for arguments in (("ASK { \x1b[31m }",), ("ASK {}", "--data", "\x1b[31m.ttl"), ("--file", "\x1b[31m.rq")):
        code, out, err = run("query", *arguments)
        assert (code, out) == (2, "")
        assert "\x1b" not in err


def test_output_that_the_terminal_cannot_write_is_no_traceback() -> None:
    code, out, err = process("stats", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "Traceback" not in err
    assert code in {0, 2}
    assert out or err


# The rest


def test_stats_counts_what_the_graph_holds(run: Run) -> None:
    code, out, err = run("stats")
    assert (code, err) == (0, "")
    counts = {line.rsplit(None, 1)[0]: int(line.rsplit(None, 1)[1]) for line in out.splitlines()[2:]}
    for kind, table in (("study", "studies"), ("report", "reports"), ("arm", "arms")):
        assert counts[kind] == len((resources.TABLES / f"{table}.tsv").read_text(encoding="utf-8").splitlines()) - 1
    assert counts["finding"] > 500
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_build_of_a_folder_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    code, out, err = run("build", "--tables", tmp_path / "none", "--output", tmp_path / "out.ttl")
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert not (tmp_path / "out.ttl").exists()


def test_nothing_heavy_is_imported_for_a_local_question() -> None:
    script = (
        "import sys; from k2graph.cli.main import main; main(['ask', 'contested-claims', '--format', 'csv']); "
        "print(sorted({'rdflib', 'pyshacl', 'SPARQLWrapper', 'pandas', 'rich', 'networkx'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == "[]\n"


def test_an_interrupt_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("k2graph.graph.open", interrupted)
    assert run("stats") == (130, "", "")


def test_the_module_runs_as_the_command_does(small: Path) -> None:
    command = [sys.executable, "-m", "k2graph", "query", "ASK { ?s ?p ?o }", "--data", small]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "yes\n", "")


def test_a_graph_that_lost_a_fact_is_refused_with_the_reason(run: Run, mechanism_alone: Path, tmp_path: Path) -> None:
    whole = mechanism_alone.read_text(encoding="utf-8")
    # One report loses its title; nothing else changes.
    (report, *_) = re.findall(r"^(report:[\w-]+) a k2g:Report", whole, re.MULTILINE)
    start = whole.index(f"\n{report} a k2g:Report")
    line = whole.index("\tdcterms:title", start)
    broken = tmp_path / "broken.ttl"
    broken.write_text(whole[:line] + whole[whole.index("\n", line) + 1 :], encoding="utf-8")
    code, out, err = run("validate", broken)
    assert (code, err) == (1, "")
    assert "1 violation" in out
    assert report in out


@pytest.mark.parametrize("content", ["", "<http://e.org/cat> a <http://e.org/Animal> .\n"], ids=["empty", "of others"])
def test_a_graph_with_nothing_of_ours_is_not_called_valid(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.ttl"
    path.write_text(content, encoding="utf-8")
    said = "othing in this graph is of k2graph's classes, so nothing was checked"
    assert run("validate", path) == (1, f"N{said}.\n", "")
    code, out, err = run("validate", path, "--format", "json")
    assert (code, json.loads(out)["checked"], err) == (1, False, f"k2graph: n{said}\n")
    code, out, err = run("validate", path, "--format", "ttl")
    assert (code, err) == (1, f"k2graph: n{said}\n")


def test_a_graph_with_one_thing_of_ours_is_checked(run: Run, small: Path) -> None:
    code, out, _ = run("validate", small, "--format", "json")
    assert (code, json.loads(out)["checked"]) == (1, True)


def test_hops_count_from_something(run: Run, tmp_path: Path) -> None:
    said = "--hops counts from what --about names; name it, or leave --hops out"
    is_one_error(run("view", "--hops", "3", "--output", tmp_path / "x.html"), said)


@pytest.mark.parametrize("query", ["DESCRIBE entity:nope", "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c FILTER(false) }"])
def test_no_triples_are_told_as_no_rows_are(run: Run, small: Path, query: str) -> None:
    for form in ("table", "json"):
        code, _, err = run("query", query, "--data", small, "--format", form)
        assert (code, err) == (0, "nothing in this graph answers this\n")
    assert run("query", "SELECT ?a { ?a ?b ?c FILTER(false) }", "--data", small).err == "nothing in this graph answers this\n"


def test_nothing_far_off_is_suggested(run: Run) -> None:
    for name in ("nope", "zzzz", "no--such--thing", "x:"):
        is_one_error(run("explain", name), f"nothing is called '{name}'")
    is_one_error(run("explain", "warfrin"), "nothing is called 'warfrin'; did you mean 'warfarin'.*")
    for name in ("", "  "):
        is_one_error(run("explain", name), "the name is empty; give a label, synonym, slug, identifier or address")


def test_an_address_is_understood_without_its_scheme(run: Run, graph: k2graph.Graph) -> None:
    for address in ("pubmed.ncbi.nlm.nih.gov/17287908", "www.ncbi.nlm.nih.gov/pubmed/17287908/", "w3id.org/k2graph/entity/mk-7"):
        assert graph.find_any(address) == graph.find_any(f"https://{address}")
    doi = next(row["doi"] for row in graph.rows("SELECT ?doi { ?r a k2g:Report ; bibo:doi ?doi } ORDER BY ?doi LIMIT 1"))
    assert graph.find("report", f"doi.org/{doi}") == graph.find("report", f"https://doi.org/{doi}")

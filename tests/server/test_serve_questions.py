"""The questions as an API: the same answers as from Python, and a document that says what may be asked."""

import json
import re
from collections import defaultdict

import httpx
import pytest
from k2graph_server import Served
from project import rows

import k2graph
from k2graph import iris
from k2graph.sparql.questions import read_questions
from k2graph.views.question_page import NamesOfGraph

pytestmark = pytest.mark.server

QUESTIONS = {question.name: question for question in read_questions()}
NEEDED = {name: {each.name: each.example for each in question.needed()} for name, question in QUESTIONS.items()}
ASKED: list[tuple[str, dict[str, str]]] = [(name, NEEDED[name]) for name in QUESTIONS] + [
    (name, {**NEEDED[name], parameter.name: parameter.example})
    for name, question in QUESTIONS.items()
    for parameter in question.parameters.values()
    if not parameter.required
]
FORMS = {"json": "application/json", "csv": "text/csv", "tsv": "text/tab-separated-values", "md": "text/markdown", "html": "text/html"}


def ask(serving: Served, name: str, accept: str = "", **parameters: str) -> httpx.Response:
    return serving.client.get(f"/questions/{name}", params=parameters, headers={"Accept": accept} if accept else {})


def test_every_question_is_listed_with_what_it_takes(serving: Served) -> None:
    listed = {each["name"]: each for each in serving.client.get("/questions").json()["questions"]}
    assert set(listed) == set(QUESTIONS)
    for name, question in QUESTIONS.items():
        assert [each["name"] for each in listed[name]["parameters"]] == list(question.parameters)
        assert listed[name]["columns"] == question.columns


@pytest.mark.parametrize(("name", "given"), ASKED, ids=[f"{name} {' '.join(given.values())}" for name, given in ASKED])
def test_the_answer_is_that_of_the_graph(serving: Served, graph: k2graph.Graph, name: str, given: dict[str, str]) -> None:
    assert ask(serving, name, **given).text == graph.ask(name, **given).to_json()


@pytest.mark.parametrize("form", ["json", "csv", "tsv", "md"])
def test_forms_by_wish_and_by_name_are_those_of_the_answer(serving: Served, graph: k2graph.Graph, form: str) -> None:
    given = {"drug": "warfarin", "severity": "contraindicated"}
    answer = graph.ask("drug-interactions", drug="warfarin", severity="contraindicated")
    expected = {"json": answer.to_json, "csv": answer.to_csv, "tsv": answer.to_tsv, "md": answer.to_markdown}[form]()
    for response in (
        ask(serving, "drug-interactions", FORMS[form], **given),
        ask(serving, "drug-interactions", "*/*", format=form, **given),
    ):
        assert response.content == expected.encode()
        assert response.headers["Content-Type"].partition(";")[0] == FORMS[form]
    assert len(answer) > 0


def test_a_page_has_every_cell(serving: Served, graph: k2graph.Graph) -> None:
    response = ask(serving, "contested-claims", "text/html")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    table = response.text.partition("<tbody>")[2].partition("</tbody>")[0]
    answer = graph.ask("contested-claims")
    assert table.count("<tr") == len(answer)
    # But for `label`, which says in every row what the cell of the claim does.
    assert "label" in answer.columns
    assert table.count("<td") == len(answer) * (len(answer.columns) - 1)
    assert str(answer[0]["label"]).replace("'", "&#39;") in table


@pytest.mark.parametrize(
    ("name", "given", "status", "said"),
    [
        ("no-such-question", {}, 404, "no question 'no-such-question'"),
        ("contested-claim", {}, 404, "did you mean 'contested-claims'"),
        ("contested-claims", {"colour": "red"}, 400, "no parameter 'colour'"),
        ("evidence-for-claim", {"claim": "no such claim"}, 400, "no claim is called 'no such claim'"),
        ("drug-interactions", {"drug": "warfrin"}, 400, "did you mean 'warfarin'"),
        ("evidence-for-claim", {}, 400, "'evidence-for-claim' asks for claim"),
        ("paths", {"from": "MK-7", "to": ""}, 400, "'paths' asks for to (where it ends); this graph has an answer with from = entity:mk-7"),
        ("drug-interactions", {"severity": "awful"}, 400, "is not one of"),
        ("drug-interactions", {"drug": "warfarin } # "}, 400, "no entity is called"),
        ("contested-claims", {"format": "xlsx"}, 400, "json, csv, tsv, md, html"),
    ],
)
def test_what_is_wrong_is_said(serving: Served, name: str, given: dict[str, str], status: int, said: str) -> None:
    response = ask(serving, name, **given)
    assert response.status_code == status
    assert said in response.json()["error"]
    assert said in ask(serving, name, "text/plain, text/csv;q=0.1", **given).text
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", [name for name, needed in NEEDED.items() if needed])
def test_a_page_asks_for_what_is_required(serving: Served, name: str) -> None:
    response = ask(serving, name, "text/html")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "asks for" in response.text.partition('role="alert"')[2]
    for parameter, value in NEEDED[name].items():
        assert re.search(rf'name="{parameter}" value="" placeholder="for example {value}"', response.text)
    assert ask(serving, name, "text/html", **NEEDED[name]).status_code == 200


def cells(page: str) -> list[str]:
    """The cells of an answer, each thing's page by its address, which a server leads to it from."""
    table = page.partition('id="answer"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r'href="\.\./[^"]*"', 'href=""', cell) for cell in re.findall(r"<td.*?</td>", table, re.DOTALL)]


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_has_one_page_in_the_site_and_by_its_form(serving: Served, name: str) -> None:
    serving.settled(2)
    of_site = serving.client.get(f"/question/{name}.html").text
    shown = re.search(r"Asked here, as an example, with (.*)\.</p>", of_site)
    given = dict(each.split(" = ") for each in shown[1].split(" and ")) if shown else {}
    asked = ask(serving, name, "text/html", **given).text
    assert cells(asked) == cells(of_site) != []
    references = r'data-reports="([^"]*)"'
    assert re.findall(references, asked) == re.findall(references, of_site)
    form = r'(?s)<form method="get" action="[^"]*" class="choices">.*?</form>'
    assert len(re.findall(form, asked)) == len(re.findall(form, of_site)) == bool(QUESTIONS[name].parameters)


def test_the_words_that_are_allowed_are_offered(serving: Served, graph: k2graph.Graph) -> None:
    page = ask(serving, "drug-interactions", "text/html", severity="minor", drug="warfarin").text
    words = re.findall(r'<option value="([^"]*)"[^>]*>', page.partition("<select")[2].partition("</select>")[0])
    # As the ontology ranks them, the most severe first; the empty one is any.
    assert words == ["", "contraindicated", "major", "moderate", "minor", "theoretical"]
    assert '<option value="minor" selected>' in page
    assert 'name="drug" value="warfarin"' in page
    listed = re.findall(
        r'<option value="([^"]*)" label="([^"]*)">', page.partition('<datalist id="words-drug">')[2].partition("</datalist>")[0]
    )
    # The drugs of interactions.tsv with the classes that they belong to, and what belongs to them.
    drugs, broader = {row["drug"] for row in rows("interactions")}, defaultdict(set)
    for row in rows("entity_relations"):
        if row["relation"] == "narrower-than":
            broader[row["entity"]].add(row["other"])
    fitting = {name for name in (*broader, *drugs) if drugs & {name, *_above(broader, name)}}
    fitting |= {above for name in drugs for above in _above(broader, name)}
    assert {word for word, _ in listed} == fitting
    assert ("proton-pump-inhibitors", "proton pump inhibitors") in listed
    assert all(word != "mk-7" for word, _ in listed)
    for word in fitting:
        assert graph.ask("drug-interactions", drug=word), word


def _above(broader: dict[str, set[str]], name: str) -> set[str]:
    return {above for each in broader.get(name, ()) for above in {each, *_above(broader, each)}}


def test_things_are_offered_of_which_the_question_can_be_asked(graph: k2graph.Graph) -> None:
    names = NamesOfGraph(graph)

    def offered(question: str, parameter: str) -> list[str]:
        fields = {field.parameter.name: field for field in names.fields(QUESTIONS[question], {}, {})}
        return [word for word, _ in fields[parameter].words]

    # foods.tsv and searches.tsv: what has a row there.
    assert set(offered("foods", "food")) == {row["food"] for row in rows("foods")}
    assert set(offered("searches", "claim")) == {claim for row in rows("searches") for claim in row["claims"].split("|") if claim}
    # Of a required parameter by the file's own query; of one that the query says nothing of, all of the kind.
    assert set(offered("evidence-for-claim", "claim")) == {
        iris.short(str(row["c"])).removeprefix("claim:")
        for row in graph.rows("SELECT DISTINCT ?c WHERE { ?b k2g:claim ?c ; k2g:stance ?s }")
    }
    for question, parameter in (("contested-claims", "subject"), ("where-translation-stops", "exposure"), ("who-is-low", "marker")):
        for word in offered(question, parameter):
            assert graph.ask(question, **{parameter: word}), (question, word)


def test_what_is_no_word_stays_in_the_form(serving: Served) -> None:
    page = ask(serving, "drug-interactions", "text/html", severity="<b>awful").text
    assert "<option selected>&lt;b&gt;awful</option>" in page
    assert "is not one of" in page.partition('role="alert"')[2]


def test_a_page_gives_its_answer_away_and_leads_to_its_query(serving: Served, graph: k2graph.Graph) -> None:
    page = ask(serving, "drug-interactions", "text/html", severity="minor").text
    links = dict(re.findall(r'<a href="([^"]*)" download="drug-interactions\.(\w+)">', page))
    answer = graph.ask("drug-interactions", severity="minor")
    for address, ending in links.items():
        file = serving.client.get("/questions/" + address.replace("&amp;", "&"))
        assert file.text == {"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json}[ending]()
    assert sorted(links.values()) == ["csv", "json", "tsv"]
    assert "asked with severity = minor." in page
    change = re.search(r'<a href="([^"]*)">Change it</a>', page)
    assert change
    query = serving.client.get("/questions/" + change[1].replace("&amp;", "&")).text
    assert f'<p role="status">{len(answer)} row' in query
    assert "#+" not in query


def test_an_empty_answer_repeats_what_was_asked(serving: Served) -> None:
    said = "nothing in this graph answers contested-claims with subject = entity:natto"
    given = {"subject": "https://w3id.org/k2graph/entity/natto"}
    assert ask(serving, "contested-claims", **given).json()["nothing"] == said
    for accept in ("text/html", "text/markdown"):
        assert said in ask(serving, "contested-claims", accept, **given).text


def test_a_parameter_is_given_once_and_a_form_that_is_there(serving: Served) -> None:
    assert serving.client.get("/questions/drug-interactions?drug=warfarin&drug=aspirin").status_code == 400
    assert ask(serving, "contested-claims", "image/png").status_code == 406
    assert serving.client.get("/questions", headers={"Accept": "image/png"}).status_code == 406


def test_an_answer_that_a_client_has_is_not_sent_again(serving: Served) -> None:
    first = ask(serving, "contested-claims")
    again = serving.client.get("/questions/contested-claims", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(serving, "contested-claims", "text/csv").headers["ETag"] != first.headers["ETag"]


class TestOpenAPI:
    def test_it_says_what_can_be_asked(self, serving: Served) -> None:
        document = serving.client.get("/openapi.json").json()
        assert document["openapi"].startswith("3.1.")
        assert {f"/questions/{name}" for name in QUESTIONS} | {"/sparql", "/questions"} == set(document["paths"])
        for name, question in QUESTIONS.items():
            get = document["paths"][f"/questions/{name}"]["get"]
            assert [each["name"] for each in get["parameters"]] == [*question.parameters, "format"]
            assert set(get["responses"]["200"]["content"]) == set(FORMS.values())
            for each in get["parameters"][:-1]:
                assert each["required"] == question.parameters[each["name"]].required
                assert "default" not in each["schema"]
                assert each["example"] == question.parameters[each["name"]].example

    def test_what_its_examples_ask_is_answered_as_it_says(self, serving: Served) -> None:
        document = serving.client.get("/openapi.json").json()
        for path, operations in document["paths"].items():
            if not path.startswith("/questions/"):
                continue
            get = operations["get"]
            given = {each["name"]: str(each["example"]) for each in get["parameters"] if "example" in each}
            answer = serving.client.get(path, params=given).json()
            row = get["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["rows"]["items"]["properties"]
            assert set(answer["columns"]) == set(row)

    def test_its_references_lead_somewhere_and_names_are_unique(self, serving: Served) -> None:
        document = serving.client.get("/openapi.json").json()
        references = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document)))
        assert references == set(document["components"]["schemas"])
        identifiers = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
        assert len(identifiers) == len(set(identifiers))

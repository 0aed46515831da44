"""Every message of the shapes is shown to come when it should: the real graph is spoilt in one place for each, and validated once.

A row of `MUTATIONS` names the shape, the thing to spoil (the first that matches and is not taken) and what is done to it. All
new results must be those expected, so that a shape that says too much fails as does one that says nothing.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from project import Run
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from k2graph import iris, resources
from k2graph.errors import InputError
from k2graph.shacl.report import Report, Result
from k2graph.shacl.scope import ONTOLOGY
from k2graph.shacl.validate import ENGINES, validate
from k2graph.sparql.store import EmbeddedStore

PREFIXES = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in {**iris.PREFIXES, "shape": iris.BASE + "shape/"}.items())
FOOD = (
    "?focus a k2g:Food . FILTER NOT EXISTS { ?any rdf:object ?focus } FILTER NOT EXISTS { ?focus k2g:narrowerThan|^k2g:narrowerThan ?any }"
)
LAST_FOOD = "{ SELECT ?other WHERE { ?other a k2g:Food . FILTER(STR(?other) > STR($focus)) } ORDER BY DESC(STR(?other)) LIMIT 1 }"
OBSERVED = (
    "?focus k2g:madeBy k2g:design-cross-sectional ; k2g:direction ?d ; rdf:predicate k2g:affects-level-of . ?d k2g:isAssociation true ."
)
TRIAL_FINDING = "?focus k2g:exposureAlone ?alone ; k2g:madeBy k2g:design-rct"
INTERVAL = (
    "?focus k2g:ciLow ?low ; k2g:ciHigh ?high ; k2g:value ?value ; k2g:effectMeasure ?measure ; k2g:direction k2g:direction-no-effect"
)
P_VALUE = "?focus k2g:pValue ?p"
ARMS = "?focus k2g:arm ?arm ; k2g:comparatorArm ?comparator"
TEXT_ALONE = "?focus a k2g:Finding . FILTER NOT EXISTS { ?focus k2g:value|k2g:ciLow|k2g:effectMeasure|k2g:scale ?number }"
#: So that the number alone is wrong, and not what was reported of it.
UNREPORTED = "-k2g:valueReported ;; -k2g:ciLowReported ;; -k2g:ciHighReported ;; "
CONTENT_UNREPORTED = "-k2g:valueMeanReported ;; -k2g:valueLowReported ;; -k2g:valueHighReported ;; "
#: Figures of status: a value with nothing around it and no share, two ends alone, and a share alone.
STATUS_ALONE = "?focus a k2g:StatusFigure ; k2g:value ?v FILTER NOT EXISTS { ?focus k2g:valueLow|k2g:spreadSize|k2g:shareLow ?n }"
STATUS_RANGE = "?focus a k2g:StatusFigure ; k2g:statistic k2g:statistic-range"
STATUS_SHARE = "?focus a k2g:StatusFigure ; k2g:shareLow ?s FILTER NOT EXISTS { ?focus k2g:value|k2g:valueLow ?n }"
CLAIM = """?focus a k2g:Claim ; k2g:testableInPeople ?t . FILTER NOT EXISTS { ?focus ^k2g:endToEnd|^k2g:reachClaim ?x }
    FILTER NOT EXISTS { ?focus skos:note ?n }
    FILTER NOT EXISTS { ?focus ^k2g:claim ?s . ?s k2g:order ?o }"""
LAST_CLAIM = f"""{{ SELECT ?other WHERE {{ {CLAIM.replace("?focus", "?other")} ?other rdf:predicate k2g:affects-level-of .
    FILTER(STR(?other) > STR($focus)) }} ORDER BY DESC(STR(?other)) LIMIT 1 }}"""
#: A claim of which no finding speaks; and that of a claim which is spoilt another takes its place, so that its findings have one.
UNTESTED = (
    CLAIM
    + """ ?focus rdf:subject ?s1 ; rdf:predicate ?p1 ; rdf:object ?o1 .
    MINUS { ?f1 a k2g:Finding ; rdf:subject ?s1 ; rdf:predicate ?p1 ; rdf:object ?o1 }"""
)
COPIED = "INSERT { ?copy ?p ?o } WHERE { $focus ?p ?o . BIND(IRI(CONCAT(STR($focus), '-as-it-was')) AS ?copy) }"
REPLACED = f"{COPIED} ;; "
STEP = "?focus a k2g:Step . FILTER NOT EXISTS { ?support k2g:weakestStep|k2g:reachesStep|k2g:stopsAtStep ?focus }"
LAST_STEP = """?focus a k2g:Step ; k2g:mechanism ?m ; k2g:order ?n . FILTER(?n > 1)
    FILTER NOT EXISTS { ?later k2g:mechanism ?m ; k2g:order ?l . FILTER(?l > ?n) }"""


#: There are fewer pools, and readings of them, than ways to spoil one.
MORE_POOLS = """INSERT { ?copy ?p ?o } WHERE { VALUES ?kind { k2g:PooledEstimate k2g:PoolReading }
    ?pool a ?kind ; ?p ?o . VALUES ?number { "a" "b" "c" "d" } BIND(IRI(CONCAT(STR(?pool), "-", ?number)) AS ?copy) }"""
#: A standing that does not rest on a pool, which is held against its votes by the thresholds.
COUNTED = "?focus a k2g:Standing ; k2g:reachedBy k2g:method-counted ; k2g:result k2g:result-consistent"
#: A vote at a tier below that of its standing, which counts other votes.
VOTE_BELOW = "?focus a k2g:Vote ; k2g:claim/k2g:standing/k2g:testedIn ?best ; k2g:tier ?tier FILTER(?tier != ?best)"
#: A search that left something out.
LEAVES_OUT = "?focus a k2g:Search ; k2g:recordsLeftOut ?n . FILTER(?n > 0)"
TITLE_OF_A_REPORT = (
    """INSERT { $focus dcterms:title ?loud } WHERE { report:pmid-17287908 dcterms:title ?title . BIND(UCASE(?title) AS ?loud) }"""
)
UNTESTED_STANDING = "?focus a k2g:Standing ; k2g:result k2g:result-untested"


@dataclass(frozen=True)
class Mutation:
    """`change` is `-p` (drop), `=p value` (put in place) or `+p value` (add), several joined by `;;`, or a SPARQL update of `$focus`.

    `also` names shapes that have to speak up on the same thing, because what is wrong is wrong twice.
    """

    shape: str
    where: str
    change: str
    also: tuple[str, ...] = ()

    def updates(self, focus: str) -> list[str]:
        """The SPARQL updates that spoil the thing."""
        made = []
        for part in self.change.split(";;"):
            kind, rest = part.strip()[0], part.strip()[1:]
            if kind in "-=":
                made.append(f"DELETE WHERE {{ $focus {rest.split()[0]} ?any }}")
            if kind in "=+":
                made.append(f"INSERT DATA {{ $focus {rest} }}")
            if kind not in "-=+":
                made.append(part)
        return [PREFIXES + update.replace("$focus", focus) for update in made]


def _of(kind: str, *rows: tuple[str, str]) -> list[Mutation]:
    return [Mutation(shape, f"?focus a {kind}", change) for shape, change in rows]


def _in_a_circle(food: str, other: str) -> str:
    entity = f"entity:food-{food} a k2g:Food , k2g:Entity ; k2g:carriesEvidenceTo entity:food-{food} ; k2g:narrowerThan entity:food-{other}"
    return f'{entity} ; rdfs:label "food {food}"@en ; skos:definition "It."@en ; dcterms:source <https://example.org/> .'


def _reported_twice(*numbers: str) -> list[Mutation]:
    """A second text of the same number, with one more zero."""
    made = []
    for number in numbers:
        text = "k2g:" + re.sub("-(.)", lambda part: part[1].upper(), number) + "Reported"
        longer = 'BIND(CONCAT(?text, IF(CONTAINS(?text, "."), "0", ".0")) AS ?longer)'
        change = f"INSERT {{ $focus {text} ?longer }} WHERE {{ $focus {text} ?text . {longer} }}"
        made.append(Mutation(f"reported-{number}", f"?focus {text} ?any", change))
    return made


MUTATIONS = [
    # The graph as a whole
    Mutation("named-things", "", "INSERT DATA { [] a <http://example.org/Thing> }"),
    Mutation(
        "text-language",
        "?focus a k2g:Trial",
        "DELETE { $focus rdfs:label ?l } INSERT { $focus rdfs:label ?plain } WHERE { $focus rdfs:label ?l . BIND(STR(?l) AS ?plain) }",
    ),
    *_of(
        "k2g:Organism",
        ("no-blank-nodes", "INSERT DATA { $focus rdfs:seeAlso [] }"),
        ("known-properties", '+k2g:favourite "x"'),
        ("source-form", "+dcterms:source <ftp://example.org/x>"),
        ("source-address", '+dcterms:source "KMID:1"'),
        ("organism-label", "-rdfs:label"),
        ("organism-name", "-k2g:scientificName"),
        ("organism-source", "-dcterms:source"),
        ("entity-related", "INSERT { ?other k2g:stateOf $focus } WHERE { SELECT ?other WHERE { ?other a k2g:CellType } LIMIT 1 }"),
    ),
    Mutation(
        "organism-taxon",
        "<http://example.org/mouse>",
        '+a k2g:Organism ; rdfs:label "a mouse"@en ; k2g:scientificName "Mus" ; dcterms:source <https://example.org/>',
    ),
    Mutation("derived-from", "?focus a k2g:Tally", "+prov:wasGeneratedBy k2g:answer-yes"),
    # The vocabulary
    Mutation("term-label", "?focus skos:inScheme k2g:severities", "-rdfs:label"),
    Mutation("term-definition", "?focus skos:inScheme k2g:severities", "-skos:definition"),
    Mutation("concept-notation", "?focus skos:inScheme k2g:severities", "-skos:notation"),
    Mutation("concept-scheme", "?focus skos:inScheme k2g:severities", "+skos:inScheme k2g:nowhere"),
    Mutation("notation-once", "k2g:direction-decreases", '=skos:notation "increases"'),
    Mutation("design-entails", "k2g:design-case-report", "-k2g:isSynthesis"),
    # There is one set of thresholds, so all of its faults are on one thing.
    Mutation("threshold-upper", "k2g:thresholds", '+k2g:supportedFrom "0.75"^^xsd:double', also=("threshold-lower", "threshold-turning")),
    Mutation(
        "threshold-lower",
        "k2g:thresholds",
        '+k2g:unsupportedUpTo "0.25"^^xsd:double',
        also=("threshold-upper", "threshold-turning"),
    ),
    Mutation("threshold-turning", "k2g:thresholds", "+k2g:turningPointsUpTo 1000", also=("threshold-upper", "threshold-lower")),
    Mutation("stance-speaks", "k2g:stance-open", "-k2g:phraseOfVotes"),
    # Entities
    Mutation("entity-label", FOOD, "-rdfs:label"),
    Mutation("entity-definition", FOOD, "-skos:definition"),
    Mutation("entity-type", FOOD, "+a k2g:Drug"),
    Mutation("entity-source", FOOD, "-dcterms:source"),
    Mutation("entity-aspect-word", FOOD, "=k2g:aspect k2g:tier-animals"),
    Mutation("entity-desirable", FOOD, "+k2g:desirable k2g:tier-animals"),
    Mutation("entity-always-taken", FOOD, "+k2g:isAlwaysTaken k2g:tier-animals"),
    Mutation("entity-general-group", FOOD, "+k2g:isGeneralGroup k2g:tier-animals"),
    Mutation("entity-carries", FOOD, "-k2g:carriesEvidenceTo"),
    Mutation(
        "entity-label-once",
        FOOD,
        f"""DELETE {{ $focus rdfs:label ?old }} INSERT {{ $focus rdfs:label ?new }}
            WHERE {{ $focus rdfs:label ?old . {LAST_FOOD} ?other rdfs:label ?new }}""",
    ),
    Mutation("entity-synonym", FOOD, f"INSERT {{ $focus skos:altLabel ?new }} WHERE {{ {LAST_FOOD} ?other rdfs:label ?new }}"),
    Mutation("entity-related-to-itself", FOOD, "INSERT DATA { $focus k2g:formOf $focus }"),
    Mutation("entity-circle", "", f"INSERT DATA {{ {_in_a_circle('one', 'two')} {_in_a_circle('two', 'one')} }}"),
    Mutation(
        "entity-aspects-agree",
        FOOD,
        "INSERT { $focus k2g:narrowerThan ?cell } WHERE { SELECT ?cell WHERE { ?cell a k2g:CellType } LIMIT 1 }",
    ),
    Mutation(
        "entity-identifier-once",
        FOOD,
        """INSERT { $focus skos:exactMatch ?id }
           WHERE { SELECT ?id WHERE { ?e a k2g:NutrientForm ; skos:exactMatch ?id . FILTER(STR(?e) > STR($focus)) } LIMIT 1 }""",
    ),
    Mutation(
        "entity-aspect",
        """?focus a k2g:Outcome .
           FILTER NOT EXISTS { ?focus k2g:narrowerThan|^k2g:narrowerThan|k2g:inverseMarkerOf|^k2g:inverseMarkerOf ?x }""",
        "-k2g:aspect",
    ),
    Mutation("entity-desirable-said", "?focus a k2g:Disease", "-k2g:desirable"),
    *_of(
        "k2g:IdentifierMatch",
        ("identifier-entity", "-k2g:entity"),
        ("identifier-text", '=dcterms:identifier "no identifier"'),
        ("identifier-address", "-k2g:address"),
        ("identifier-match", "-k2g:match"),
        ("identifier-found", "-k2g:matchedIn"),
        (
            "identifier-stated",
            """DELETE { $focus k2g:entity ?e } INSERT { $focus k2g:entity ?n } WHERE { $focus k2g:entity ?e .
               { SELECT ?n WHERE { ?n a k2g:Food . FILTER NOT EXISTS { ?n skos:exactMatch|skos:closeMatch ?x } }
                 ORDER BY DESC(?n) LIMIT 1 } }""",
        ),
    ),
    # Reports
    *_of(
        "k2g:Report",
        ("report-key", "-dcterms:identifier"),
        ("report-label", "-rdfs:label"),
        ("spoiled-text", '=bibo:issue "45355"'),
        ("report-title", "-dcterms:title"),
        ("report-year", '=k2g:year "2014"^^xsd:gYear'),
        ("report-source", "-dcterms:source"),
        ("report-verified", "-k2g:verified"),
        ("report-numbered", '=dcterms:identifier "URL:https://example.org/" ;; -bibo:pmid ;; -bibo:doi'),
    ),
    Mutation("report-verified-itself", "?focus k2g:verified k2g:verified-abstract", "=k2g:verified k2g:verified-secondary"),
    Mutation(
        "report-pmid",
        '?focus a k2g:Report ; dcterms:identifier ?k . FILTER(STRSTARTS(?k, "PMID"))',
        '=bibo:pmid "0123"',
        also=("report-key-agrees",),
    ),
    Mutation(
        "report-doi", '?focus bibo:doi ?p ; dcterms:identifier ?k . FILTER(!STRSTARTS(?k, "DOI"))', '=bibo:doi "https://doi.org/10.1/x"'
    ),
    Mutation("report-pmcid", "?focus k2g:pmcid ?p", '=k2g:pmcid "4728622"'),
    Mutation("report-retraction", "?focus k2g:retraction ?r ; k2g:retractionNote ?n", "=k2g:retraction k2g:tier-animals"),
    Mutation("report-retraction-note", "?focus k2g:retraction ?r ; k2g:retractionNote ?n", "-k2g:retractionNote"),
    Mutation("report-retraction-state", "?focus k2g:retraction ?r ; k2g:retractionNote ?n", "-k2g:retraction"),
    Mutation("report-key-agrees", "report:pmid-17287908", '=bibo:pmid "1"'),
    Mutation(
        "report-once",
        '?focus dcterms:identifier ?k . FILTER(STRSTARTS(?k, "PMID")) FILTER NOT EXISTS { ?focus bibo:doi ?d }',
        """INSERT { $focus bibo:doi ?d }
           WHERE { SELECT ?d WHERE { ?o bibo:doi ?d . FILTER(STR(?o) > STR($focus)) } ORDER BY DESC(STR(?o)) LIMIT 1 }""",
    ),
    Mutation(
        "report-used",
        """?study a k2g:Study ; k2g:report ?focus , ?another . FILTER(?another != ?focus)
           FILTER NOT EXISTS { ?other k2g:report ?focus . FILTER(?other != ?study) }""",
        "DELETE WHERE { ?study k2g:report $focus }",
    ),
    Mutation("redirect-leads", "?focus dcterms:isReplacedBy ?new", "=dcterms:isReplacedBy entity:no-such-thing"),
    Mutation("redirect-gone", "?focus dcterms:isReplacedBy ?new", "+rdf:type skos:Collection"),
    Mutation("entity-unit", "?focus a k2g:Entity", "=k2g:microgramsPerUnit 0.0"),
    # Studies
    *_of(
        "k2g:Study",
        ("study-report", "+k2g:report k2g:tier-animals"),
        ("study-arms", "+k2g:armsDifferInExposureAlone k2g:tier-animals"),
        ("study-design", "=k2g:design k2g:tier-animals"),
        ("study-source", "-dcterms:source"),
        ("study-organism", "+k2g:organism k2g:tier-animals"),
        ("study-exposure", "+k2g:intervention k2g:tier-animals"),
        ("study-planned", "+k2g:plannedOutcome k2g:tier-animals"),
        ("study-participants", "+k2g:participants k2g:tier-animals"),
        ("study-blinding", "=k2g:blinding k2g:tier-animals"),
        ("study-payer", "=k2g:paidBy k2g:tier-animals"),
        ("study-group", "+k2g:group k2g:tier-animals"),
    ),
    # Each study is an investigation too.
    Mutation("study-label", "?focus a k2g:Study", "-rdfs:label", also=("investigation-label",)),
    Mutation("investigation-label", "investigation:syntheses", "-rdfs:label"),
    Mutation("study-designed", "?focus a k2g:Study ; k2g:report ?r", "-k2g:design"),
    Mutation("study-registry", "?focus k2g:registryNumber ?r", '=k2g:registryNumber "NCT123"'),
    Mutation(
        "study-size",
        "?focus a k2g:Study ; k2g:sampleSize ?n . FILTER NOT EXISTS { ?arm k2g:armOf ?focus }",
        "=k2g:sampleSize 0",
        also=("within-limits", "within-likely-limits"),
    ),
    Mutation("study-status", "?focus k2g:design k2g:design-cross-sectional", "=k2g:nutrientStatus k2g:tier-animals"),
    Mutation("study-status", "?focus k2g:design k2g:design-cross-sectional", "=k2g:nutrientStatus k2g:context-higher-dose"),
    Mutation("study-in-people", "?focus k2g:design k2g:design-cross-sectional", "-k2g:organism"),
    Mutation("study-in-animals", "?focus k2g:design k2g:design-animal-in-vivo", "=k2g:organism NCBITaxon:9606"),
    Mutation("study-without-participants", "?focus k2g:design k2g:design-biochemical-assay", '+k2g:sex "women"'),
    Mutation("study-within", "?focus a k2g:Study FILTER NOT EXISTS { ?focus k2g:within ?w }", "+k2g:within k2g:tier-animals"),
    Mutation(
        "study-reported", "?focus a k2g:Cohort FILTER NOT EXISTS { ?focus k2g:report ?r }", "DELETE WHERE { ?part k2g:within $focus }"
    ),
    Mutation(
        "study-within-body",
        "?focus a k2g:Study ; k2g:report ?r FILTER NOT EXISTS { ?focus k2g:within|^k2g:within ?w }",
        """INSERT { $focus k2g:within ?part }
           WHERE { SELECT ?part WHERE { ?part k2g:within ?body . ?body a k2g:Cohort } ORDER BY DESC(STR(?body)) ?part LIMIT 1 }""",
    ),
    # Trials
    Mutation("study-comparator", "?focus a k2g:Trial ; k2g:comparatorKind ?c", "=k2g:comparatorKind k2g:tier-animals"),
    Mutation("trial-comparator-said", "?focus a k2g:Trial ; k2g:comparatorKind ?c", "-k2g:comparatorKind"),
    Mutation("trial-arms", "?focus a k2g:Trial", "-k2g:armsDifferInExposureAlone"),
    Mutation(
        "trial-arms-clear", "?focus k2g:armsDifferInExposureAlone k2g:answer-yes", "=k2g:armsDifferInExposureAlone k2g:answer-unclear"
    ),
    Mutation(
        "trial-difference",
        "?focus k2g:armsDifferInExposureAlone k2g:answer-yes . FILTER NOT EXISTS { ?focus k2g:otherDifference ?d }",
        "=k2g:armsDifferInExposureAlone k2g:answer-no",
    ),
    Mutation(
        "trial-reported-once",
        "?focus a k2g:Trial",
        """INSERT { $focus k2g:registryNumber ?n }
           WHERE { SELECT ?n WHERE { ?o a k2g:Trial ; k2g:registryNumber ?n } ORDER BY DESC(STR(?o)) LIMIT 1 }""",
    ),
    # Arms
    *_of(
        "k2g:Arm",
        ("arm-study", "-k2g:armOf"),
        ("arm-label", "-rdfs:label"),
        ("arm-comparator", "=k2g:comparatorKind k2g:tier-animals"),
        ("arm-source", "-dcterms:source"),
        ("arm-says-something", "-k2g:gives ;; -k2g:gotInWords ;; -k2g:comparatorKind"),
        ("arm-gives-an-exposure", f"INSERT {{ $focus k2g:gives ?other }} WHERE {{ {LAST_FOOD} }}"),
    ),
    Mutation("arm-form", "?focus a k2g:Arm", "+k2g:gives k2g:tier-animals", also=("arm-gives-an-exposure",)),
    Mutation("arm-dose", "?focus k2g:doseValue ?v", "-k2g:doseReported ;; =k2g:doseValue -1.0"),
    Mutation("arm-dose-unit", "?focus k2g:doseValue ?v ; k2g:doseUnit ?u", "-k2g:doseUnit"),
    Mutation("arm-dose-per", "?focus k2g:doseValue ?v", "-k2g:dosePer"),
    Mutation("arm-lasted", "?focus k2g:lasted ?v", "-k2g:lastedReported ;; =k2g:lasted 0.0"),
    Mutation("arm-lasted-unit", "?focus k2g:lasted ?v", "-k2g:lastedUnit"),
    Mutation("arm-after", "?focus k2g:lasted ?v", "+k2g:after k2g:tier-animals", ("arm-after-another",)),
    Mutation("arm-after-another", "?focus k2g:lasted ?v", "INSERT { $focus k2g:after $focus } WHERE {}"),
    Mutation(
        "baseline-marker",
        "?focus k2g:lasted ?v",
        '+k2g:baselineLevel 5.0 ;; +k2g:baselineUnit "nmol/L" ;; +k2g:baselineMarker k2g:tier-animals',
    ),
    Mutation(
        "baseline-level", "?focus k2g:lasted ?v", '+k2g:baselineLevel -5.0 ;; +k2g:baselineUnit "nmol/L" ;; +k2g:baselineMarker entity:mk-7'
    ),
    Mutation("baseline-unit", "?focus k2g:lasted ?v", "+k2g:baselineLevel 5.0 ;; +k2g:baselineMarker entity:mk-7"),
    Mutation("arm-entered", "?focus a k2g:Arm . FILTER NOT EXISTS { ?focus k2g:analysed ?n }", "=k2g:entered 0"),
    Mutation("arm-analysed", "?focus a k2g:Arm", "=k2g:entered 2 ;; =k2g:analysed 3"),
    Mutation(
        "arms-enter-the-study",
        "?arm k2g:armOf ?focus . ?focus k2g:sampleSize ?n",
        """INSERT { ?arm k2g:entered ?more } WHERE { SELECT ?arm (?n + 1 AS ?more)
           WHERE { ?arm k2g:armOf $focus . $focus k2g:sampleSize ?n } ORDER BY ?arm LIMIT 1 }""",
    ),
    # Findings
    *_of(
        "k2g:Finding",
        ("finding-study", "-k2g:study"),
        ("finding-subject", "-rdf:subject"),
        ("finding-predicate", "-rdf:predicate"),
        ("finding-object", "-rdf:object"),
        ("finding-direction", "-k2g:direction"),
        ("finding-outcome-kind", "-k2g:outcomeKind"),
        ("finding-source", "-dcterms:source"),
        ("finding-report", "-k2g:report"),
        ("finding-n1", "=k2g:n1 0"),
        ("finding-n2", "=k2g:n2 0"),
        ("finding-mean1", '=k2g:mean1 "many"'),
        ("finding-mean2", '=k2g:mean2 "many"'),
        ("finding-sd1", "-k2g:sd1Reported ;; =k2g:sd1 -1.0"),
        ("finding-sd2", "-k2g:sd2Reported ;; =k2g:sd2 -1.0"),
        ("finding-median1", '=k2g:median1 "many"'),
        ("finding-median2", '=k2g:median2 "many"'),
        ("finding-lower-quartile1", '=k2g:lowerQuartile1 "many"'),
        ("finding-lower-quartile2", '=k2g:lowerQuartile2 "many"'),
        ("finding-upper-quartile1", '=k2g:upperQuartile1 "many"'),
        ("finding-upper-quartile2", '=k2g:upperQuartile2 "many"'),
        ("finding-smallest1", '=k2g:smallest1 "many"'),
        ("finding-smallest2", '=k2g:smallest2 "many"'),
        ("finding-largest1", '=k2g:largest1 "many"'),
        ("finding-largest2", '=k2g:largest2 "many"'),
        ("finding-events1", "=k2g:events1 -1"),
        ("finding-events2", "=k2g:events2 -1"),
        ("finding-numbers-are", "=k2g:numbersAre k2g:tier-animals"),
        ("finding-follow-up", "=k2g:followUp -1"),
        ("finding-size", "=k2g:ownSampleSize 0"),
        (
            "finding-of-its-report",
            """DELETE { $focus k2g:report ?own } INSERT { $focus k2g:report ?other } WHERE { $focus k2g:report ?own .
               { SELECT ?other WHERE { ?other a k2g:Report } ORDER BY DESC(STR(?other)) LIMIT 1 } }""",
        ),
        ("finding-role", "=k2g:endpointRole k2g:tier-animals"),
        ("finding-analysis", "=k2g:analysis k2g:tier-animals"),
        ("finding-own-arms", "=k2g:ownArmsDifferInExposureAlone k2g:tier-animals"),
        ("finding-made-by", "-k2g:madeBy"),
        ("finding-level", "-k2g:evidenceLevel"),
        ("finding-investigation", "-k2g:investigation"),
        ("finding-reading", "=k2g:reading k2g:tier-animals"),
        ("finding-ground", "-k2g:readFrom"),
        ("finding-pooled", "=k2g:studiesPooled 0"),
        ("finding-holds-retracted", "=k2g:holdsRetracted k2g:tier-animals"),
        ("finding-setting", "-k2g:setting"),
        ("finding-own-status", "=k2g:ownNutrientStatus k2g:tier-animals"),
        ("finding-status", "=k2g:statusOfParticipants k2g:tier-animals"),
        ("finding-place", "-k2g:speaksAt"),
        ("finding-compared-with", "=k2g:comparedWith k2g:tier-animals"),
        ("finding-exposure-alone", "=k2g:exposureAlone k2g:tier-animals"),
        (
            "finding-bears",
            """DELETE { ?b k2g:finding $focus } INSERT { ?b k2g:finding ?other } WHERE { ?b k2g:finding $focus .
               { SELECT ?other WHERE { ?other a k2g:Finding } ORDER BY DESC(?other) LIMIT 1 } }""",
        ),
    ),
    Mutation("finding-arm", ARMS, "=k2g:arm k2g:tier-animals"),
    Mutation("finding-comparator-arm", ARMS, "=k2g:comparatorArm k2g:tier-animals"),
    Mutation("finding-compares", ARMS, "-k2g:arm"),
    Mutation(
        "finding-of-its-arms",
        ARMS,
        """DELETE { $focus k2g:arm ?own } INSERT { $focus k2g:arm ?other } WHERE { $focus k2g:arm ?own .
           { SELECT ?other WHERE { ?other k2g:armOf ?study } ORDER BY DESC(STR(?study)) DESC(STR(?other)) LIMIT 1 } }""",
    ),
    Mutation(
        "finding-claimed",
        "?focus a k2g:Finding ; rdf:predicate k2g:affects-risk-of ; rdf:object ?o . ?o k2g:aspect ?a .",
        """DELETE { $focus rdf:subject ?s } INSERT { $focus rdf:subject ?food }
           WHERE { $focus rdf:subject ?s . { SELECT ?food WHERE { ?food a k2g:Food } ORDER BY DESC(STR(?food)) LIMIT 1 } }""",
    ),
    Mutation("finding-own-comparator", TRIAL_FINDING, "=k2g:ownComparatorKind k2g:tier-animals"),
    Mutation("finding-value", INTERVAL, UNREPORTED + '-k2g:ciLow ;; -k2g:ciHigh ;; =k2g:value "many"'),
    Mutation("finding-measure", INTERVAL, '+k2g:effectMeasure "another measure"', also=("measure-is-a-word",)),
    Mutation("measure-word", INTERVAL, "+k2g:measureTerm k2g:tier-animals"),
    Mutation("measure-is-a-word", INTERVAL, '=k2g:effectMeasure "another measure"'),
    Mutation("unit-word", "?focus a k2g:FoodContent ; k2g:unit ?unit", "+k2g:unitTerm k2g:tier-animals", also=("unit-is-the-word",)),
    Mutation("unit-is-the-word", "?focus a k2g:FoodContent ; k2g:unit ?unit", '=k2g:unit "another unit"'),
    Mutation("dose-unit-word", "?focus k2g:doseUnitTerm ?unit", "+k2g:doseUnitTerm k2g:tier-animals"),
    Mutation(
        "baseline-unit-word",
        "?focus k2g:lasted ?v",
        '+k2g:baselineLevel 5.0 ;; +k2g:baselineUnit "nmol/L" ;; +k2g:baselineMarker entity:mk-7 ;; +k2g:baselineUnitTerm k2g:tier-animals',
    ),
    Mutation("finding-scale", INTERVAL, "=k2g:scale k2g:tier-animals"),
    Mutation("finding-contrast", INTERVAL, '+k2g:contrast "one" ;; +k2g:contrast "another"'),
    Mutation(
        "direction-fits-number",
        """?focus k2g:direction k2g:direction-decreases ; k2g:measureTerm k2g:measure-odds-ratio ; k2g:ciLow ?low .
           FILTER NOT EXISTS { ?focus k2g:scale ?scale }""",
        UNREPORTED + "=k2g:value 4.25 ;; =k2g:ciLow 2.0 ;; =k2g:ciHigh 9.0",
    ),
    Mutation("scale-of-a-number", TEXT_ALONE, "=k2g:scale k2g:scale-inverse"),
    Mutation("direction-fits-interval", INTERVAL, UNREPORTED + "=k2g:value 2.0 ;; =k2g:ciLow 1.5 ;; =k2g:ciHigh 3.0"),
    Mutation(
        "direction-fits-p",
        "?focus k2g:pValueReported ?p ; k2g:direction k2g:direction-no-effect ; k2g:madeBy k2g:design-rct . FILTER(!STRSTARTS(?p, '<'))",
        '=k2g:pValue 0.001 ;; =k2g:pValueRelation k2g:number-less ;; =k2g:pValueReported "<0.001"',
    ),
    Mutation("within-likely-limits", "?focus a k2g:Study ; k2g:sampleSize ?n", "=k2g:sampleSize 1000001"),
    # Slips of single cells, which others that are alike, or other cells of their row, give away.
    Mutation("far-from-others", '?focus a k2g:ReferenceIntake ; k2g:unit "ug/d" ; k2g:kindOfValue "AI"', '=k2g:amount "10000"'),
    Mutation(
        "amount-within-likely-limits",
        "?focus a k2g:FoodContent ; k2g:form entity:mk-9 ; k2g:valueMean ?n",
        CONTENT_UNREPORTED + "-k2g:valueLow ;; -k2g:valueHigh ;; =k2g:valueMean 20000.0",
    ),
    Mutation(
        "dose-in-another-unit",
        '?focus k2g:gives entity:mk-4 ; k2g:doseValue ?n ; k2g:doseUnit "mg" ; k2g:dosePer k2g:per-day FILTER(?n = 45)',
        '=k2g:doseUnit "ug" ;; =k2g:doseUnitTerm k2g:unit-microgram',
    ),
    Mutation(
        "dose-by-weight",
        '?focus k2g:gives entity:mk-7 ; k2g:doseValue ?n ; k2g:doseUnit "ug" ; k2g:dosePer k2g:per-day FILTER(?n = 45)',
        "=k2g:dosePer k2g:per-kg-day",
    ),
    Mutation("arm-dose-unit-alone", '?focus a k2g:Arm ; k2g:doseUnit "nmol"', '=k2g:doseUnit "nmol/kg"'),
    Mutation(
        "dose-for-a-body",
        '?focus k2g:gives entity:vitamin-k1 ; k2g:doseValue ?n ; k2g:doseUnit "mg" ; k2g:dosePer k2g:per-day FILTER(?n = 10)',
        "=k2g:dosePer k2g:per-kg-day",
    ),
    Mutation(
        "direction-fits-events",
        """?focus rdf:predicate k2g:affects-risk-of ; k2g:direction k2g:direction-decreases ; k2g:events1 ?one ; k2g:events2 ?two
           FILTER NOT EXISTS { ?focus k2g:n1 ?n }""",
        "=k2g:events1 8 ;; =k2g:events2 2",
    ),
    Mutation(
        "arms-differ-alike",
        "?focus k2g:sd1 ?one ; k2g:sd2 ?two FILTER NOT EXISTS { ?focus k2g:ciLow ?low }",
        "-k2g:sd2Reported ;; =k2g:sd2 0.001",
    ),
    Mutation("interval-fits-spreads", "finding:rlfulton2016-2", "-k2g:sd1Reported ;; =k2g:sd1 14.0"),
    Mutation("unit-as-reported", "finding:nemaus2010-2", '=k2g:unit "mg/L" ;; =k2g:unitTerm k2g:unit-milligram-per-litre'),
    Mutation("size-holds-arms", "?focus k2g:n1 ?one ; k2g:n2 ?two ; k2g:ownSampleSize ?n FILTER(?n > 40)", "=k2g:ownSampleSize 12"),
    Mutation(
        "arm-within-study",
        "?focus k2g:n1 ?one ; k2g:n2 ?two ; k2g:study/k2g:sampleSize ?n FILTER(?n < 100) FILTER NOT EXISTS { ?focus k2g:ownSampleSize ?o }",
        "=k2g:n1 18000",
    ),
    Mutation(
        "ratio-near-no-effect",
        "?focus k2g:value ?v ; k2g:measureTerm ?m . ?m k2g:isRatio true FILTER NOT EXISTS { ?focus k2g:ciLow ?l }",
        "-k2g:valueReported ;; =k2g:value 170.0",
    ),
    Mutation("lost-letters", FOOD, '=skos:definition "Food with ?-carotene."@en'),
    Mutation("range-in-order", "?focus a k2g:Report ; bibo:pages ?p", '=bibo:pages "361-358"'),
    Mutation("year-fits-doi", '?focus a k2g:Report ; bibo:doi ?d FILTER(REGEX(?d, "j[.].*[.]20[01][0-9][.]"))', "=k2g:year 1990"),
    Mutation(
        "within-limits", "?focus a k2g:Spread", "-k2g:standardDeviationReported ;; =k2g:standardDeviation -1.0", also=("spread-deviation",)
    ),
    Mutation(
        "finding-p",
        P_VALUE + " ; k2g:direction k2g:direction-no-effect",
        '=k2g:pValue 2.0 ;; =k2g:pValueRelation k2g:number-equal ;; =k2g:pValueReported "2.0"',
    ),
    Mutation("p-relation", P_VALUE, "=k2g:pValueRelation k2g:tier-animals"),
    Mutation("p-reported", P_VALUE, "-k2g:pValueReported"),
    Mutation("intake-a-time", "?focus a k2g:ReferenceIntake", "=k2g:unitTerm k2g:unit-microgram", also=("unit-is-the-word",)),
    # Of one that says that there is an effect, which a p below 0.05 does not deny.
    Mutation(
        "p-agrees",
        f"{P_VALUE} ; k2g:direction k2g:direction-increases",
        '=k2g:pValue 0.05 ;; =k2g:pValueRelation k2g:number-less ;; =k2g:pValueReported "0.05"',
    ),
    Mutation("reported-agrees", INTERVAL, '=k2g:valueReported "1e0"'),
    *_reported_twice("value", "value-mean", "value-low", "value-high", "ci-low", "ci-high", "standard-deviation"),
    Mutation("interval-low", INTERVAL, "-k2g:ciLow ;; -k2g:ciLowReported"),
    Mutation("interval-high", INTERVAL, "-k2g:ciHigh ;; -k2g:ciHighReported"),
    Mutation("interval-order", INTERVAL, UNREPORTED + "-k2g:value ;; =k2g:ciLow 10.0 ;; =k2g:ciHigh 5.0"),
    Mutation("interval-holds-from", INTERVAL, UNREPORTED + "=k2g:value -2.0 ;; =k2g:ciLow -1.0 ;; =k2g:ciHigh 3.0"),
    Mutation("interval-holds-to", INTERVAL, UNREPORTED + "=k2g:value 4.0 ;; =k2g:ciLow -1.0 ;; =k2g:ciHigh 3.0"),
    Mutation(
        "finding-of-a-trial",
        TRIAL_FINDING + " . FILTER NOT EXISTS { ?focus k2g:ciLow ?low }",
        "-k2g:value ;; -k2g:valueReported ;; -k2g:pValue ;; -k2g:reported",
    ),
    Mutation("finding-measured", INTERVAL, "-k2g:effectMeasure"),
    Mutation(
        "finding-no-effect-by-observation",
        f"{OBSERVED} FILTER NOT EXISTS {{ ?focus k2g:value ?v }}",
        "=k2g:direction k2g:direction-increases",
    ),
    Mutation(
        "finding-no-association-by-experiment",
        "?focus k2g:madeBy k2g:design-in-vitro-human-cell ; rdf:predicate k2g:affects-activity-of",
        "=k2g:direction k2g:direction-positive-association",
    ),
    Mutation("finding-compares-arms", OBSERVED, "+k2g:ownComparatorKind k2g:comparator-placebo"),
    Mutation("finding-level-earned", OBSERVED, "=k2g:evidenceLevel k2g:level-trials-synthesised"),
    Mutation(
        "predicate-fits-object",
        OBSERVED + " ?focus rdf:object ?o . ?o k2g:aspect ?a .",
        "=rdf:predicate k2g:affects-risk-of",
        also=("finding-claimed",),
    ),
    # Claims
    *[
        Mutation(shape, CLAIM, change)
        for shape, change in (
            ("claim-label", "-rdfs:label"),
            ("claim-subject", REPLACED + "-rdf:subject"),
            ("claim-predicate", REPLACED + "-rdf:predicate"),
            ("claim-object", REPLACED + "-rdf:object"),
            ("claim-direction", "=k2g:direction k2g:direction-positive-association"),
            ("claim-context", "-k2g:context"),
            ("claim-testable", "=k2g:testableInPeople k2g:tier-animals"),
            ("claim-scope", "-k2g:scope"),
            ("claim-standing", "+k2g:standing k2g:tier-animals"),
        )
    ],
    Mutation("claim-testable-said", UNTESTED, "-k2g:testableInPeople"),
    Mutation("reach-claim-derived", "?focus a k2g:ReachClaim", "-prov:wasGeneratedBy"),
    Mutation(
        "claim-once",
        CLAIM,
        f"""{REPLACED}DELETE {{ $focus ?p ?old }} INSERT {{ $focus ?p ?new }} WHERE {{ {LAST_CLAIM} $focus ?p ?old . ?other ?p ?new .
            FILTER(?p IN (rdf:subject, rdf:predicate, rdf:object, k2g:direction, k2g:context)) }}""",
    ),
    Mutation(
        "claim-mirrored",
        "?focus rdf:predicate k2g:affects-level-of ; k2g:direction k2g:direction-increases . " + CLAIM,
        f"""{REPLACED}DELETE {{ $focus ?p ?old }} INSERT {{ $focus ?p ?new }} WHERE {{
            {LAST_CLAIM.replace("?other rdf:predicate", "?other k2g:direction k2g:direction-decreases ; rdf:predicate")}
            $focus ?p ?old . ?other ?p ?new .
            FILTER(?p IN (rdf:subject, rdf:predicate, rdf:object, k2g:context)) }}""",
    ),
    # Mechanisms
    *_of(
        "k2g:Mechanism",
        ("mechanism-label", "-rdfs:label"),
        ("mechanism-end", "-k2g:endToEnd"),
        ("mechanism-article", "=k2g:inSourceArticle k2g:tier-animals"),
        ("mechanism-support", "+k2g:support k2g:tier-animals"),
    ),
    Mutation("step-mechanism", STEP + " ?focus k2g:order 1 .", "+k2g:mechanism k2g:tier-animals"),
    Mutation("step-order", STEP + " ?focus k2g:order 1 .", "+k2g:order 1.0"),
    Mutation("step-claim", STEP, "+k2g:claim k2g:tier-animals"),
    Mutation("step-yields", STEP, "-k2g:yields"),
    Mutation("step-direction", STEP, "-k2g:impliedDirection"),
    Mutation("step-reach", STEP, "+k2g:reachClaim k2g:tier-animals"),
    Mutation("step-reach-said", STEP, "-k2g:reachClaim"),
    Mutation(
        "mechanism-steps",
        "<https://w3id.org/k2graph/mechanism/empty>",
        """INSERT { $focus a k2g:Mechanism ; rdfs:label "empty"@en ; k2g:endToEnd claim:mk-7-level-dp-ucmgp ;
             k2g:inSourceArticle k2g:answer-no ; k2g:support ?support }
           WHERE { SELECT ?support WHERE { ?support a k2g:MechanismSupport } LIMIT 1 }""",
    ),
    Mutation("step-order-once", LAST_STEP, "INSERT { step:zz-the-same-again ?p ?o } WHERE { $focus ?p ?o }"),
    Mutation(
        "step-order-gap",
        LAST_STEP,
        "DELETE { $focus k2g:order ?n } INSERT { $focus k2g:order ?m } WHERE { $focus k2g:order ?n . BIND(?n + 1 AS ?m) }",
    ),
    Mutation(
        "step-arrives",
        LAST_STEP,
        """DELETE { ?m k2g:endToEnd ?c } INSERT { ?m k2g:endToEnd claim:other-end . claim:other-end ?p ?kept ; rdf:object ?cell }
           WHERE { $focus k2g:mechanism ?m . ?m k2g:endToEnd ?c . ?c ?p ?kept . FILTER(?p != rdf:object)
                   { SELECT ?cell WHERE { ?cell a k2g:CellType } LIMIT 1 } }""",
    ),
    Mutation(
        "step-joins",
        LAST_STEP,
        """DELETE { $focus k2g:claim ?c } INSERT { $focus k2g:claim claim:other-start . claim:other-start ?p ?kept ; rdf:subject ?cell }
           WHERE { $focus k2g:claim ?c . ?c ?p ?kept . FILTER(?p != rdf:subject)
                   { SELECT ?cell WHERE { ?cell a k2g:CellType ; skos:exactMatch ?id } LIMIT 1 } }""",
    ),
    Mutation(
        "step-yields-object",
        LAST_STEP,
        """DELETE { $focus k2g:yields ?old } INSERT { $focus k2g:yields ?cell } WHERE { $focus k2g:yields ?old .
           { SELECT ?cell WHERE { ?cell a k2g:CellType ; skos:exactMatch ?id } LIMIT 1 } }""",
        also=("step-arrives",),
    ),
    Mutation(
        "mechanism-identifiers",
        "?step k2g:order ?n ; k2g:yields ?focus . ?focus skos:exactMatch ?id",
        """DELETE { ?match ?p ?o . $focus skos:exactMatch ?id } WHERE { ?match k2g:entity $focus ; k2g:match k2g:match-exact ; ?p ?o .
           $focus skos:exactMatch ?id }""",
    ),
    # Interactions, reference intakes, foods, pharmacokinetics, citations
    *_of(
        "k2g:Interaction",
        ("interaction-agent", "-k2g:agent"),
        ("interaction-drug", "-k2g:drug"),
        ("interaction-effect", "-k2g:effect"),
        ("interaction-acts-on", "-k2g:actsOn"),
        ("interaction-severity", "-k2g:severity"),
        ("interaction-direction", "=k2g:direction k2g:tier-animals"),
        ("interaction-source", "-dcterms:source"),
    ),
    Mutation("interaction-study", "?focus a k2g:Interaction ; k2g:study ?s", "+k2g:study k2g:tier-animals"),
    Mutation("interaction-study-named", "?focus a k2g:Interaction ; k2g:study ?s", "-k2g:study"),
    Mutation("interaction-management", "?focus k2g:severity k2g:severity-major ; k2g:management ?m", "-k2g:management"),
    *_of(
        "k2g:ReferenceIntake",
        ("intake-nutrient", "-k2g:nutrient"),
        ("intake-authority", "-k2g:authority"),
        ("intake-population", "-k2g:population"),
        ("intake-amount", "-k2g:amount"),
        ("intake-unit", "-k2g:unit"),
        ("intake-source", "-dcterms:source"),
    ),
    Mutation("intake-year", "?focus a k2g:ReferenceIntake ; k2g:year ?y", '=k2g:year "2017"^^xsd:gYear'),
    Mutation("intake-year-said", "?focus a k2g:ReferenceIntake ; k2g:year ?y", "-k2g:year"),
    *_of(
        "k2g:FoodContent",
        ("content-food", "-k2g:food"),
        ("content-form", "-k2g:form"),
        ("content-unit", "-k2g:unit"),
        ("content-source", "-dcterms:source"),
        ("content-report", "+k2g:report k2g:tier-animals"),
        ("content-amount", CONTENT_UNREPORTED + "-k2g:valueMean ;; -k2g:valueLow ;; -k2g:valueHigh"),
        ("content-low", CONTENT_UNREPORTED + "-k2g:valueMean ;; =k2g:valueLow 5.0 ;; =k2g:valueHigh 4.0"),
        ("content-high", CONTENT_UNREPORTED + '-k2g:valueMean ;; -k2g:valueLow ;; =k2g:valueHigh "much"'),
    ),
    Mutation(
        "content-mean",
        "?focus a k2g:FoodContent",
        CONTENT_UNREPORTED + "=k2g:valueMean -1.0 ;; -k2g:valueLow ;; -k2g:valueHigh",
        also=("within-limits",),
    ),
    *_of(
        "k2g:PharmacokineticParameter",
        ("kinetics-form", "-k2g:form"),
        ("kinetics-parameter", "-k2g:parameter"),
        ("kinetics-amount", "-k2g:amount"),
        ("kinetics-source", "-dcterms:source"),
        ("kinetics-report", "+k2g:report k2g:tier-animals"),
    ),
    *_of(
        "k2g:StatusFigure",
        ("status-population", "-k2g:population"),
        ("status-marker", "=k2g:marker k2g:tier-animals"),
        ("status-marker-kind", "=k2g:markerKind k2g:tier-animals"),
        ("status-source", "-dcterms:source"),
        ("status-report", "+k2g:report k2g:tier-animals"),
        ("status-size", '=k2g:sampleSize "many"'),
        ("status-share-computed", "=k2g:shareComputed k2g:tier-animals"),
        ("status-threshold", "-k2g:thresholdReported ;; =k2g:threshold -1.0 ;; =k2g:thresholdUnit 'ng/mL' ;; -k2g:thresholdUnitTerm"),
    ),
    Mutation("status-statistic", "?focus a k2g:StatusFigure ; k2g:value ?v", "=k2g:statistic k2g:tier-animals"),
    Mutation("status-value", STATUS_ALONE, "-k2g:valueReported ;; =k2g:value -1.0"),
    Mutation("status-says", STATUS_ALONE, "-k2g:valueReported ;; -k2g:value", also=("status-statistic-told",)),
    Mutation("status-unit", STATUS_ALONE, "-k2g:unit"),
    Mutation("status-low", STATUS_RANGE, CONTENT_UNREPORTED + "=k2g:valueLow 5.0 ;; =k2g:valueHigh 4.0"),
    Mutation("status-two-ends", STATUS_RANGE, CONTENT_UNREPORTED + "-k2g:valueHigh"),
    Mutation("status-high", STATUS_SHARE, '=k2g:valueHigh "much" ;; =k2g:unit "ng/mL"', also=("status-two-ends",)),
    Mutation("status-statistic-told", STATUS_SHARE, "=k2g:statistic k2g:statistic-median"),
    Mutation("status-spread-measure", STATUS_SHARE, "=k2g:spreadMeasure k2g:tier-animals"),
    Mutation("status-share", STATUS_SHARE, "-k2g:shareLowReported ;; =k2g:shareLow 101.0"),
    Mutation("status-share-by", f"{STATUS_SHARE} FILTER NOT EXISTS {{ ?focus k2g:threshold ?t }}", "-k2g:thresholdName"),
    Mutation("status-spread", "?focus k2g:spreadSize ?s", "-k2g:spreadSizeReported ;; =k2g:spreadSize -1.0"),
    Mutation("status-spread-told", "?focus k2g:spreadSize ?s", "-k2g:spreadMeasure"),
    Mutation("status-threshold-unit", "?focus k2g:threshold ?t", "-k2g:thresholdUnit"),
    Mutation("status-threshold-unit-word", "?focus k2g:thresholdUnitTerm ?t", "+k2g:thresholdUnitTerm k2g:tier-animals"),
    *_of(
        "k2g:CitationCheck",
        ("check-reference", "-k2g:reference"),
        ("check-field", "-k2g:field"),
        ("check-kind", "=k2g:assertionKind k2g:tier-animals"),
        ("check-verdict", "-k2g:verdict"),
        ("check-report", "+k2g:report k2g:tier-animals"),
        ("check-claim", "+k2g:claim k2g:tier-animals"),
        ("check-source", "-dcterms:source"),
    ),
    *_of(
        "k2g:ResearchGroup",
        ("group-label", "-rdfs:label"),
        ("group-source", "-dcterms:source"),
    ),
    Mutation("pooled-members", "?focus k2g:pools ?member", "+k2g:pools k2g:tier-animals"),
    *_of(
        "k2g:ImportantDifference",
        ("difference-outcome", "-k2g:outcome"),
        ("difference-value", "-k2g:valueReported ;; =k2g:value 0.0"),
        ("difference-decides", "-k2g:decides"),
        ("difference-method", "-k2g:method"),
        ("difference-measure-said", "-k2g:effectMeasure"),
        ("difference-source", "-dcterms:source"),
    ),
    Mutation("difference-measure", "?focus a k2g:ImportantDifference", "-k2g:measureTerm", also=("measure-is-a-word",)),
    # By its address the copy comes after it, so that the first is named.
    Mutation("difference-decides-alone", "?focus a k2g:ImportantDifference ; k2g:decides k2g:answer-yes", COPIED),
    *_of(
        "k2g:Anchor",
        ("anchor-claim", "-k2g:claim"),
        ("anchor-kind", "-k2g:anchorKind"),
        ("anchor-says", "-k2g:says"),
    ),
    Mutation("anchor-source", "?focus k2g:anchorKind/k2g:givesScope k2g:scope-established", "-dcterms:source"),
    *_of(
        "k2g:Search",
        ("search-label", "-rdfs:label"),
        ("search-entity", "+k2g:soughtEntity k2g:tier-animals"),
        ("search-words", "-k2g:searchWords"),
        ("search-index", "-k2g:searchedIn"),
        ("search-date", '=k2g:searchedOn "2026-11"'),
        ("search-shown", "-k2g:recordsShown"),
        ("search-duplicates", "-k2g:duplicatesRemoved"),
        ("search-held", "-k2g:alreadyHeld"),
        ("search-screened", "-k2g:recordsScreened"),
        ("search-taken", "-k2g:recordsTaken"),
        ("search-left-out", "-k2g:recordsLeftOut"),
        ("search-readers", "=k2g:screenedBy k2g:tier-animals"),
        ("search-for-something", "-k2g:soughtClaim"),
        ("search-taken-named", "+k2g:broughtIn report:pmid-17287908"),
        ("search-screened-adds-up", "=k2g:recordsTaken 1 ;; +k2g:broughtIn report:pmid-17287908"),
        ("search-shown-adds-up", "=k2g:recordsShown 0"),
        ("search-not-in-future", '=k2g:searchedOn "2099-01-01"^^xsd:date'),
        ("search-follows", "DELETE WHERE { ?claim k2g:soughtBy $focus }"),
    ),
    Mutation("search-claim", "?focus a k2g:Search", "+k2g:soughtClaim k2g:tier-animals", also=("search-follows",)),
    Mutation("search-brought-in", "?focus a k2g:Search", "+k2g:broughtIn k2g:tier-animals", also=("search-taken-named",)),
    Mutation("search-left-out-listed", LEAVES_OUT, "=k2g:recordsLeftOut 0 ;; =k2g:recordsScreened 0"),
    Mutation("search-left-out-told", LEAVES_OUT, "=k2g:recordsLeftOut 50 ;; =k2g:recordsScreened 50 ;; =k2g:recordsShown 100"),
    *_of(
        "k2g:LeftOutRecord",
        ("record-search", "+k2g:leftOutOf k2g:tier-animals"),
        ("record-identity", '=dcterms:identifier "17287908"'),
        ("record-title", "-dcterms:title"),
        ("record-reason", "=k2g:leftOutFor k2g:tier-animals"),
        ("record-not-held", '=dcterms:identifier "PMID:17287908"'),
        ("record-title-not-held", f"-dcterms:title ;; {TITLE_OF_A_REPORT}"),
    ),
    *_of(
        "k2g:UnreadNumbers",
        ("unread-finding", "=k2g:unreadFinding k2g:tier-animals"),
        ("unread-numbers", "-k2g:missingNumbers"),
        ("unread-day", '=k2g:lookedForOn "2026-11"'),
        ("unread-source", "-dcterms:source"),
        ("unread-and-given", "=k2g:unreadFinding finding:ceelderink2023-2"),
    ),
    *_of(
        "k2g:Appraisal",
        ("appraisal-study", "=k2g:study k2g:tier-animals"),
        ("appraisal-domain", "-k2g:domain"),
        ("appraisal-outcome", "=k2g:outcome k2g:tier-animals"),
        ("appraisal-tool", "-k2g:tool"),
        ("appraisal-judge", '+k2g:judgedBy "PMID:1" ;; +k2g:judgedBy "PMID:2"'),
        ("appraisal-judgement", "=k2g:judgement k2g:tier-animals"),
        ("appraisal-first-reading", "=k2g:firstReading k2g:tier-animals"),
        ("appraisal-second-reading", "=k2g:secondReading k2g:tier-animals"),
        ("appraisal-source", "-dcterms:source"),
    ),
    *_of(
        "k2g:CertaintyJudgement",
        ("judgement-claim", "=k2g:claim k2g:tier-animals"),
        ("judgement-panel", "-k2g:panel"),
        ("judgement-report", "=k2g:report k2g:tier-animals"),
        ("judgement-certainty", "-k2g:judgedCertainty"),
        ("judgement-graded", "=k2g:judgedCertainty k2g:certainty-not-graded"),
        ("judgement-lowered-for", "=k2g:loweredFor k2g:tier-animals"),
        ("judgement-source", "-dcterms:source"),
    ),
    *_of(
        "k2g:Spread",
        ("spread-study", "-k2g:study"),
        ("spread-outcome", "-k2g:outcome"),
        ("spread-deviation", "-k2g:standardDeviationReported ;; =k2g:standardDeviation 0.0"),
        ("spread-size", '=k2g:sampleSize "some"'),
        ("spread-measured", "=k2g:measured k2g:tier-animals"),
        ("spread-source", "-dcterms:source"),
    ),
    Mutation("pooled-measure-word", "?focus a k2g:PooledEstimate", "-k2g:measureTerm", also=("measure-is-a-word",)),
    *_of(
        "k2g:PooledEstimate",
        ("pooled-claim", "-k2g:claim"),
        ("pooled-outcome", "-k2g:outcome"),
        ("pooled-measure", "-k2g:effectMeasure"),
        ("pooled-value", "+k2g:value 0.0"),
        ("pooled-interval", "-k2g:ciLow ;; -k2g:ciHigh"),
        ("pooled-variation", "=k2g:iSquared 1.5"),
        ("pooled-method", "-k2g:method"),
        ("pooled-findings", "-k2g:finding"),
        ("pooled-prediction", "-k2g:predictionLow"),
        ("pooled-between", "=k2g:tauSquared -0.5"),
    ),
    *_of(
        "k2g:PooledResult",
        ("result-pool", "=k2g:pool k2g:tier-animals"),
        ("result-investigation", "-k2g:investigation"),
        ("result-choice", "=k2g:chosenBy k2g:tier-animals"),
        ("result-share", "=k2g:shareOfWeight 1.5"),
    ),
    *_of("k2g:ComputedEstimate", ("computed-by", "-k2g:computedBy"), ("computed-finding", "-k2g:computedFor")),
    Mutation("computed-how", "?focus k2g:computedBy ?how", "+k2g:computedBy k2g:tier-animals"),
    Mutation("check-differs", "?focus k2g:verdict k2g:citation-differs", "-k2g:asPublished"),
    # What follows by rule
    *_of("k2g:Rule", ("rule-label", "-rdfs:label"), ("rule-definition", "-skos:definition"), ("rule-order", "-k2g:order")),
    Mutation("rule-exists", "rule:of-thumb", "INSERT DATA { k2g:dose k2g:derivedBy $focus }"),
    *_of(
        "sh:SPARQLSelectExecutable",
        ("question-label", "-rdfs:label"),
        ("question-description", "-dcterms:description"),
        ("question-select", "-sh:select"),
    ),
    *_of(
        "k2g:Bearing",
        ("bearing-finding", "+k2g:finding k2g:tier-animals"),
        ("bearing-claim", "+k2g:claim k2g:tier-animals"),
        ("bearing-stance", "-k2g:stance"),
        ("bearing-leans", "=k2g:leans 2"),
        ("bearing-reason", "+k2g:notCounted k2g:tier-animals"),
        ("bearing-rule", "-prov:wasGeneratedBy"),
    ),
    *_of(
        "k2g:Vote",
        ("vote-claim", "+k2g:claim k2g:tier-animals"),
        ("vote-tier", "+k2g:tier k2g:answer-no"),
        ("vote-for", "-k2g:supportWeight"),
        ("vote-open", "-k2g:openWeight"),
        ("vote-excludes", "-k2g:excludeWeight"),
        ("vote-against", "-k2g:contradictWeight"),
        ("vote-side", "=k2g:onProposedSide 0.5 ;; =k2g:onOtherSide 0.0"),
        ("vote-other-side", "=k2g:onOtherSide 0.5 ;; =k2g:onProposedSide 0.0"),
        ("vote-year", "-k2g:firstYear"),
        ("vote-rule", "-prov:wasGeneratedBy"),
        ("vote-is-one", "=k2g:supportWeight 1.0 ;; =k2g:openWeight 1.0 ;; =k2g:contradictWeight 0.0"),
        ("vote-lies-once", "=k2g:onProposedSide 1.0 ;; =k2g:onOtherSide 1.0"),
    ),
    Mutation("vote-investigation", VOTE_BELOW, "+k2g:investigation k2g:tier-animals"),
    Mutation("vote-votes", VOTE_BELOW, "-k2g:votes"),
    *_of(
        "k2g:Standing",
        ("standing-claim", "-k2g:claim"),
        ("standing-label", "-rdfs:label"),
        ("standing-tier", "-k2g:testedIn"),
        ("standing-result", "-k2g:result"),
        ("standing-count", "-k2g:investigations"),
        ("standing-best", "=k2g:bestSupport k2g:answer-no"),
        ("standing-certainty", "-k2g:certainty"),
        ("standing-rule", "-prov:wasGeneratedBy"),
    ),
    Mutation(
        "standing-of-its-claim",
        "?focus a k2g:Standing ; k2g:result k2g:result-untested",
        "+k2g:claim claim:mk-7-level-dp-ucmgp",
        also=("standing-claim",),
    ),
    Mutation("standing-untested", UNTESTED_STANDING, "=k2g:testedIn k2g:tier-opinion"),
    Mutation("standing-untested-for-a-reason", UNTESTED_STANDING, "-k2g:untestedBecause"),
    Mutation("standing-reason", UNTESTED_STANDING, "=k2g:untestedBecause k2g:tier-animals"),
    Mutation("standing-by-a-method", COUNTED, "-k2g:reachedBy"),
    Mutation("standing-method", COUNTED, "=k2g:reachedBy k2g:tier-animals"),
    Mutation(
        "standing-by-thresholds",
        COUNTED,
        "=k2g:result k2g:result-contrary",
        # It would turn to where it is said to be already.
        also=("turning-turns",),
    ),
    Mutation("standing-weighs", COUNTED, "-k2g:excludeWeight"),
    Mutation(
        "standing-counts-votes",
        "?focus a k2g:Standing ; k2g:reachedBy k2g:method-counted ; k2g:result k2g:result-not-shown ; k2g:supportWeight ?w FILTER(?w = 0)",
        "=k2g:investigations 99",
    ),
    *_of(
        "k2g:PoolReading",
        ("pool-reading-claim", "=k2g:claim k2g:tier-animals"),
        ("pool-reading-pool", "-k2g:pool"),
        ("pool-reading-stance", "-k2g:stance"),
    ),
    *_of(
        "k2g:CertaintyStep",
        ("certainty-standing", "=k2g:ofStanding k2g:tier-animals"),
        ("certainty-domain", "-k2g:domain"),
        ("certainty-steps", "=k2g:stepsDown 3"),
        ("certainty-reason", "-k2g:reason"),
    ),
    *_of(
        "k2g:AlternativeStanding",
        ("alternative-claim", "-k2g:claim"),
        ("alternative-label", "-rdfs:label"),
        ("alternative-tier", "-k2g:testedIn"),
        ("alternative-result", "-k2g:result"),
        ("alternative-reason", "-k2g:hadCounted"),
        ("alternative-rule", "-prov:wasGeneratedBy"),
        (
            "alternative-differs",
            """DELETE { $focus k2g:testedIn ?t ; k2g:result ?r } INSERT { $focus k2g:testedIn ?tier ; k2g:result ?result }
               WHERE { $focus k2g:testedIn ?t ; k2g:result ?r ; k2g:claim ?c . ?c k2g:standing ?s .
                       ?s k2g:testedIn ?tier ; k2g:result ?result }""",
        ),
    ),
    *_of(
        "k2g:TurningPoint",
        ("turning-standing", "DELETE { ?s k2g:turnsAt $focus } WHERE { ?s k2g:turnsAt $focus }"),
        ("turning-label", "-rdfs:label"),
        ("turning-more", "=k2g:moreInvestigations 0"),
        ("turning-stance", "-k2g:stance"),
        ("turning-tier", "-k2g:testedIn"),
        ("turning-result", "-k2g:result"),
        ("turning-rule", "-prov:wasGeneratedBy"),
    ),
    Mutation("standing-turns", "?focus a k2g:Standing", "+k2g:turnsAt k2g:answer-no"),
    Mutation(
        "turning-turns",
        "?focus a k2g:Standing ; k2g:result k2g:result-contested",
        """INSERT { $focus k2g:turnsAt ?turn } WHERE { $focus k2g:testedIn ?tier ; k2g:result ?result .
             ?turn a k2g:TurningPoint ; k2g:testedIn ?tier ; k2g:result ?result }""",
    ),
    *_of(
        "k2g:Tally",
        ("tally-claim", "-k2g:claim"),
        ("tally-level", "-k2g:evidenceLevel"),
        ("tally-stance", "-k2g:stance"),
        ("tally-findings", "-k2g:findings"),
        ("tally-investigations", "=k2g:investigations 99"),
        ("tally-rule", "-prov:wasGeneratedBy"),
    ),
    *_of(
        "k2g:MechanismSupport",
        ("support-mechanism", "-k2g:mechanism"),
        ("support-weakest", "+k2g:weakestStep k2g:tier-animals ;; +k2g:weakestStep k2g:tier-nothing"),
        ("support-testable", "-k2g:testableLinks"),
        ("support-shown", "=k2g:testableLinksShown 99"),
        ("support-reaches", "+k2g:reachesStep k2g:tier-animals ;; +k2g:reachesStep k2g:tier-nothing"),
        ("support-stops", "+k2g:stopsAtStep k2g:tier-animals ;; +k2g:stopsAtStep k2g:tier-nothing"),
        ("support-signs", "-k2g:signsAgree"),
        ("support-verdict", "-k2g:verdict"),
        ("support-rule", "-prov:wasGeneratedBy"),
    ),
    Mutation(
        "support-of-its-steps",
        "?focus a k2g:MechanismSupport FILTER NOT EXISTS { ?focus k2g:stopsAtStep ?s }",
        """INSERT { $focus k2g:stopsAtStep ?step } WHERE { SELECT ?step WHERE {
             $focus k2g:mechanism ?m . ?step k2g:order 1 ; k2g:mechanism ?n . FILTER(?m != ?n) } ORDER BY ?step LIMIT 1 }""",
    ),
    Mutation("support-argues", "?focus k2g:signsAgree true", "=k2g:verdict k2g:verdict-argues-against"),
]


def _messages() -> dict[str, re.Pattern[str]]:
    """Each shape with a message, and the message as a pattern."""
    store = Store()
    store.bulk_load(path=str(resources.SHAPES), format=RdfFormat.TURTLE)
    found = {}
    for quad in store.quads_for_pattern(None, iris.name("sh:message"), None):
        pattern = re.sub(r"\\\{\\\?\w+\\\}", r"\\S.*", re.escape(quad.object.value))
        shape = quad.subject.value.removeprefix(iris.BASE + "shape/")
        assert shape not in found, f"{shape} has two messages"
        found[shape] = re.compile(pattern)
    return found


MESSAGES = _messages()


@dataclass(frozen=True)
class Validated:
    """The reports on the graph as it is and as it is spoilt, and which thing each mutation spoilt."""

    real: Report
    spoilt: Report
    focus: dict[str, str]
    #: The spoilt graph.
    store: EmbeddedStore

    @property
    def new(self) -> set[Result]:
        """What is wrong with the spoilt graph alone."""
        return set(self.spoilt.results) - set(self.real.results)

    def owner(self, result: Result) -> Mutation | None:
        """The mutation that a result is of."""
        for mutation in MUTATIONS:
            mine = {f"shape:{shape}" for shape in (mutation.shape, *mutation.also)}
            if result.shape in mine and self.focus[mutation.shape] in ("", result.thing):
                return mutation
        return None


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Validated:
    path = tmp_path_factory.mktemp("graph") / "real.ttl"
    shutil.copy(resources.GRAPH, path)
    store = EmbeddedStore(path)
    real = validate(store)
    store.engine.update(PREFIXES + MORE_POOLS)
    # The things are chosen before any is spoilt, each once, and none that has something to mend already.
    taken = {result.thing for result in real.results}
    chosen: dict[str, str] = {}
    for mutation in MUTATIONS:
        focus = _choose(store, mutation.where, taken)
        taken.add(iris.short(focus.strip("<>")))
        chosen[mutation.shape] = focus
    for mutation in MUTATIONS:
        for update in mutation.updates(chosen[mutation.shape]):
            store.engine.update(update)
    spoilt, focuses = validate(store), {shape: iris.short(focus.strip("<>")) for shape, focus in chosen.items()}
    return Validated(real, spoilt, focuses, store)


def _choose(store: EmbeddedStore, where: str, taken: set[str]) -> str:
    if "?focus" not in where:
        prefix, _, local = where.partition(":")
        return where if where.startswith("<") or not where else f"<{iris.PREFIXES[prefix]}{local}>"
    for (focus,) in store.engine.query(f"{PREFIXES} SELECT DISTINCT ?focus WHERE {{ {where} }} ORDER BY ?focus"):
        if iris.short(focus.value) not in taken:
            return str(focus)
    raise AssertionError(f"nothing in the graph matches {where}")


@pytest.mark.slow
def test_real_graph_conforms(validated: Validated) -> None:
    wrong = [result for result in validated.real.results if result.severity == "violation"]
    assert not wrong, validated.real.to_text()
    assert validated.real.passes


def test_every_message_has_a_mutation() -> None:
    assert {mutation.shape for mutation in MUTATIONS} == set(MESSAGES)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.shape)
@pytest.mark.slow
def test_message_comes_where_it_should(mutation: Mutation, validated: Validated) -> None:
    thing = validated.focus[mutation.shape]
    said = {result for result in validated.new if thing in ("", result.thing) and result.shape == f"shape:{mutation.shape}"}
    assert said, f"{mutation.shape} said nothing of {thing}"
    for result in said:
        assert MESSAGES[mutation.shape].fullmatch(result.message)
    if thing:
        shapes = {result.shape for result in validated.new if result.thing == thing}
        assert shapes == {f"shape:{shape}" for shape in (mutation.shape, *mutation.also)}


@pytest.mark.slow
def test_nothing_else_is_said(validated: Validated) -> None:
    assert [result for result in validated.new if validated.owner(result) is None] == []


@pytest.mark.slow
def test_spoilt_graph_does_not_conform(validated: Validated) -> None:
    assert not validated.spoilt.conforms
    assert validated.spoilt.results[0].severity == "violation"


#: What a curator should mend and the graph can live with; all else makes it wrong.
WARNINGS = {
    "direction-fits-interval", "direction-fits-p", "within-likely-limits",
    "entity-desirable-said", "entity-synonym", "finding-measured", "finding-of-a-trial", "intake-year-said", "interaction-management",
    "interaction-study-named", "mechanism-identifiers", "record-title-not-held", "report-numbered", "report-retraction-note", "report-used",
    "report-verified-itself", "search-left-out-told", "source-address", "arm-dose-unit", "trial-arms-clear", "trial-comparator-said",
    "intake-a-time", "spoiled-text", "unread-and-given",
    "amount-within-likely-limits", "arms-differ-alike", "direction-fits-events", "dose-by-weight", "dose-for-a-body",
    "dose-in-another-unit", "far-from-others", "interval-fits-spreads", "lost-letters", "range-in-order", "size-holds-arms",
    "unit-as-reported", "year-fits-doi", "arm-within-study", "ratio-near-no-effect",
}  # fmt: skip


@pytest.mark.slow
def test_severities(validated: Validated) -> None:
    assert {result.shape.removeprefix("shape:") for result in validated.new if result.severity == "warning"} == WARNINGS
    assert {result.severity for result in validated.new} == {"violation", "warning"}


def test_shapes_have_addresses() -> None:
    for triple in parse(path=str(resources.SHAPES), format=RdfFormat.TURTLE):
        if triple.predicate in {iris.name("sh:path"), iris.name("sh:sparql"), iris.name("sh:property"), iris.name("sh:targetClass")}:
            assert isinstance(triple.subject, NamedNode), triple


# Engines


def _holding(part: list[Quad]) -> EmbeddedStore:
    store = EmbeddedStore(resources.ONTOLOGY)
    store.engine.clear()
    store.engine.extend(part)
    return store


def _written(report: Report) -> tuple[str, str, bytes]:
    return report.to_text(), report.to_json(), report.to_turtle()


@pytest.mark.slow
def test_queries_report_what_pyshacl_reports(validated: Validated) -> None:
    assert _written(validated.spoilt) == _written(validate(validated.store, engine="pyshacl"))
    # Of the graph as it is nearly all that is to mend is among it.
    assert len(set(validated.real.results) & set(validated.spoilt.results)) > 100


@pytest.mark.slow
def test_queries_report_of_a_part_that_is_as_it_was_what_pyshacl_reports(part: list[Quad]) -> None:
    store = _holding(part)
    by_queries = validate(store)
    assert _written(by_queries) == _written(validate(store, engine="pyshacl"))
    assert len(by_queries.results) > 20


def _literal(text: str, kind: str) -> Literal:
    return Literal(text, datatype=iris.name(f"xsd:{kind}"))


#: What may stand where something else is meant. (pySHACL puts a value into what a value holds: a text with `{?value}` is another there.)
ODD = [
    *map(iris.name, ("k2g:tier-animals", "k2g:direction-increases", "k2g:Entity", "k2g:design-rct", "NCBITaxon:9606", "k2g:answer-no")),
    *map(iris.name, ("entity:mk-7", "claim:mk-7-level-dp-ucmgp", "k2g:verified-secondary", "k2g:context-any")),
    *map(NamedNode, ("http://example.org/x", "urn:x")),
    *map(Literal, ("", "x", "1", "PMID:1", "a 'b' \"c\" {?other}\n", "10.1/x", "0.03", "größer")),
    *(_literal(text, "integer") for text in ("0", "1", "-1", "01", "many")),
    *(_literal(text, "decimal") for text in ("1.0", "0.5", "1.5", "1e5", "many")),
    *(_literal(text, "double") for text in ("1e0", "NaN")),
    *(_literal(text, "gYear") for text in ("2014", "14")),
    *(_literal(text, "boolean") for text in ("true", "maybe")),
    Literal("x", language="en"),
    _literal("2020-01-01", "date"),
]


@pytest.mark.parametrize("odd", ["1e0", "1.5e3", "INF", "NaN"])
@pytest.mark.slow
def test_engines_agree_on_numbers_that_each_writes_in_its_own_way(part: list[Quad], odd: str) -> None:
    store = _holding(part)
    report, arm, rule = (
        next(quad.subject for quad in part if quad.object == iris.name(f"k2g:{kind}")) for kind in ("Report", "Arm", "Rule")
    )
    # By how it is written; by how long that is; and against a least and a greatest.
    for thing, path in ((report, "bibo:pmid"), (report, "bibo:doi"), (arm, "k2g:lasted"), (rule, "skos:definition")):
        store.engine.add(Quad(thing, iris.name(path), _literal(odd, "double")))
    by_queries = validate(store)
    if odd == "NaN":
        # It is neither more nor less than any number; pySHACL gives up where one is asked for.
        with pytest.raises(InputError, match="pySHACL cannot judge"):
            validate(store, engine="pyshacl")
    else:
        assert _written(by_queries) == _written(validate(store, engine="pyshacl"))
    assert {"shape:report-pmid", "shape:report-doi", "shape:arm-lasted"} <= {result.shape for result in by_queries.results}


SHAPE = """
@prefix k2g: <https://w3id.org/k2graph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/k2graph/shape/> .
shape:inner a sh:NodeShape .
shape:x a sh:PropertyShape ; sh:targetClass k2g:Study ; sh:path k2g:pmcid ; sh:message "no" ; """
CONSTRAINT = 'sh:sparql [ a sh:SPARQLConstraint ; sh:message "no" ; sh:select "%s" ]'


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("sh:maxLength 5", "shape:x uses sh:maxLength as only pySHACL knows it; validate with --engine pyshacl"),
        ("sh:equals k2g:pmid", "shape:x uses sh:equals as"),
        ("sh:deactivated true", "shape:x uses sh:deactivated as"),
        ("sh:hasValue 5", "shape:x uses sh:hasValue as"),
        ("sh:nodeKind sh:Literal", "shape:x uses sh:nodeKind as"),
        ("sh:node [ sh:path k2g:pmcid ; sh:minCount 2 ]", "uses sh:minCount as"),
        ("sh:node [ sh:path k2g:pmcid ; sh:maxCount 2 ]", "uses sh:maxCount as"),
        ("sh:node shape:inner", "shape:inner says nothing by which what conforms to it could be found"),
        ("sh:message 'yes'", "shape:x has more than one sh:message"),
        ("a rdfs:Class", "shape:x is a class as well as a shape"),
        ("a sh:Parameter", "shape:x uses sh:Parameter as"),
        (CONSTRAINT % "SELECT $this WHERE { $this k2g:pmcid 5 }", "needs one sh:select and one sh:message"),
    ],
)
def test_what_queries_cannot_say_is_refused(said: str, message: str, small: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPE + said.replace("sh:minCount 1", "") + (" ." if "minCount" in said else " ; sh:minCount 1 ."), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        validate(EmbeddedStore(small), shapes)


@pytest.mark.parametrize("select", ["SELECT $this WHERE { $this a ?value }", "SELECT ?value ?failure WHERE { ?value ?failure 5 }"])
def test_constraints_of_each_focus_are_refused(select: str, small: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPE.replace('sh:message "no" ; ', "").replace("sh:path k2g:pmcid ;", "") + CONSTRAINT % select + " .")
    with pytest.raises(InputError, match="uses sh:select as only pySHACL knows it"):
        validate(EmbeddedStore(small), shapes)


def test_what_pyshacl_cannot_judge_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(f"{SMALL} study:mine k2g:ciLow {_literal('many', 'decimal')} ; k2g:ciHigh 2.5 .", encoding="utf-8")
    said = {result.shape for result in validate(EmbeddedStore(path)).results if result.path == "k2g:ciLow"}
    assert {"shape:interval-order", "shape:interval-low"} <= said
    with pytest.raises(InputError, match=r"pySHACL cannot judge what is in this graph .*; validate without --engine pyshacl"):
        validate(EmbeddedStore(path), engine="pyshacl")


def test_an_engine_that_is_none_is_refused(small: Path) -> None:
    with pytest.raises(InputError, match="'jena' is no engine for shapes; use one of queries, pyshacl"):
        validate(EmbeddedStore(small), engine="jena")


# Reports


@pytest.mark.slow
def test_text_report(validated: Validated) -> None:
    text = validated.spoilt.to_text()
    counts = validated.spoilt.counts()
    first, *_ = text.splitlines()
    assert first == f"The graph does not conform: {counts['violation']} violations, {counts['warning']} warnings."
    assert text.index("\nViolations\n") < text.index("\nWarnings\n")
    assert "  Give the report its one title. [shape:report-title: 1]\n    " + validated.focus["report-title"] in text
    numbered = sum(result.shape == "shape:report-numbered" for result in validated.spoilt.results)
    assert f"... and {numbered - 10} more" in text
    assert "https://w3id.org/k2graph/" not in text


def test_text_of_a_graph_in_order() -> None:
    assert Report((), ()).to_text() == "The graph conforms: 0 violations, 0 warnings.\n"


def _said_to_conform(report: Report) -> set[object]:
    """What a report says in each of its forms for programs."""
    triples = parse(report.to_turtle(), format=RdfFormat.TURTLE)
    (turtle,) = {triple.object.value for triple in triples if triple.predicate == iris.name("sh:conforms")}
    return {report.conforms, json.loads(report.to_json())["conforms"], turtle == "true"}


@pytest.mark.slow
def test_every_form_of_a_report_says_alike_whether_a_graph_conforms(validated: Validated, tmp_path: Path) -> None:
    # https://www.w3.org/TR/shacl/#conforms: true if and only if there is no result, of any severity.
    empty = tmp_path / "empty.ttl"
    empty.write_text("")
    assert {result.severity for result in validated.real.results} == {"warning"}
    assert _said_to_conform(validated.real) == {False}
    assert _said_to_conform(validated.spoilt) == {False}
    assert _said_to_conform(validate(EmbeddedStore(empty))) == {True}


@pytest.mark.slow
def test_warnings_leave_a_graph_usable(validated: Validated, run: Run) -> None:
    count = len(validated.real.results)
    code, out, _ = run("validate")
    assert (code, out.splitlines()[0]) == (0, f"The graph has nothing wrong, and something to mend: 0 violations, {count} warnings.")


@pytest.mark.slow
def test_json_report(validated: Validated) -> None:
    content = json.loads(validated.spoilt.to_json())
    assert content["conforms"] is False
    assert content["counts"] == validated.spoilt.counts()
    assert len(content["results"]) == len(validated.spoilt.results)
    assert {"severity", "message", "focus", "path", "value", "shape"} == set(content["results"][0])


@pytest.mark.slow
def test_turtle_report(validated: Validated) -> None:
    triples = list(parse(validated.spoilt.to_turtle(), format=RdfFormat.TURTLE))
    results = {triple.subject for triple in triples if triple.object == iris.name("sh:ValidationResult")}
    listed = [triple.object for triple in triples if triple.predicate == iris.name("sh:result")]
    assert set(listed) == results
    assert len(results) >= len(validated.spoilt.results)
    assert not any(isinstance(node, BlankNode) for node in results)
    for needed in ("focusNode", "resultSeverity", "sourceShape", "sourceConstraintComponent", "resultMessage"):
        assert {triple.subject for triple in triples if triple.predicate == iris.name(f"sh:{needed}")} == results
    conforms = [triple.object.value for triple in triples if triple.predicate == iris.name("sh:conforms")]
    assert conforms == ["false"]


SMALL = """
@prefix k2g: <https://w3id.org/k2graph/ontology#> .
@prefix report: <https://w3id.org/k2graph/report/> .
@prefix study: <https://w3id.org/k2graph/study/> .
report:mine a k2g:Report .
study:mine a k2g:Study ; k2g:report report:mine ; k2g:design k2g:design-rct ; k2g:sampleSize "many" .
study:other a k2g:Study ; k2g:design <http://example.org/made-up> .
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "mine.ttl"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.slow
def test_reports_are_the_same_each_time(small: Path) -> None:
    # Each in a process of its own, where sets and maps are ordered anew.
    script = (
        "import sys; from pathlib import Path; from k2graph.sparql.store import EmbeddedStore\n"
        "from k2graph.shacl.validate import validate\n"
        "report = validate(EmbeddedStore(Path(sys.argv[1])))\n"
        "sys.stdout.buffer.write(report.to_text().encode() + report.to_json().encode() + report.to_turtle())"
    )
    runs = {subprocess.run([sys.executable, "-c", script, str(small)], capture_output=True, check=True).stdout for _ in range(3)}
    assert len(runs) == 1
    assert runs.pop()


def test_import_is_light() -> None:
    script = "import sys, k2graph.shacl.validate; sys.exit(any(name in sys.modules for name in ('rdflib', 'pyshacl')))"
    subprocess.run([sys.executable, "-c", script], check=True)


# Other people's files


def test_a_file_without_the_ontology_is_checked_with_it(small: Path) -> None:
    said = {(result.focus, result.shape) for result in validate(EmbeddedStore(small)).results}
    assert ("report:mine", "shape:report-title") in said
    assert ("study:mine", "shape:study-size") in said
    assert ("study:mine", "shape:study-design") not in said
    assert ("study:other", "shape:study-design") in said
    assert not [focus for focus, _ in said if focus.startswith("k2g:")]
    # It is not said in what the report was read, by which the constraint knows a report.
    assert (ONTOLOGY.value, "shape:report-key-agrees") not in said


_OWN = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix entity: <https://w3id.org/k2graph/entity/> .
@prefix k2g: <https://w3id.org/k2graph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
_ENTITY = (
    'entity:mk-7 a k2g:NutrientForm ; rdfs:label "MK-7"@en ; skos:definition "A form."@en ; dcterms:identifier "mk-7" ;'
    " dcterms:source <https://example.org/a> ."
)
#: Of an entity as above: that it is a k2g:Entity too, and to what its evidence carries.
_LACKS = {("entity:mk-7", "shape:entity-type"), ("entity:mk-7", "shape:entity-carries")}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", set()),
        # What the shapes want of every class, concept, source and query of a graph of ours, others never promised.
        (
            """<http://example.org/A> a owl:Class ; rdfs:subClassOf [ a owl:Restriction ] ; dcterms:source "a book" ;
                 prov:wasGeneratedBy <http://example.org/x> , <http://example.org/y> .
               <http://example.org/c> a skos:Concept ; skos:inScheme <http://example.org/s> , <http://example.org/t> .
               <http://example.org/q> a sh:SPARQLSelectExecutable .""",
            set(),
        ),
        (_ENTITY, _LACKS),
        (_ENTITY + "<https://w3id.org/k2graph/ontology> a owl:Ontology .", _LACKS),
        (_ENTITY + 'k2g:NutrientForm rdfs:label "form"@en . k2g:design-rct a skos:Concept .', _LACKS),
        ('<http://example.org/x> k2g:favourite "y" .', {("http://example.org/x", "shape:known-properties")}),
        ("<http://example.org/p> k2g:derivedBy <http://example.org/r> .", {("http://example.org/r", "shape:rule-exists")}),
    ],
    ids=["nothing", "foreign", "an entity", "and a header", "and words in passing", "an unknown property", "an unknown rule"],
)
@pytest.mark.slow
def test_a_strangers_file_is_told_only_what_it_lacks(tmp_path: Path, content: str, expected: set[tuple[str, str]], engine: str) -> None:
    path = tmp_path / "theirs.ttl"
    path.write_text(_OWN + content, encoding="utf-8")
    report = validate(EmbeddedStore(path), engine=engine)
    assert {(result.thing, result.shape) for result in report.results} == expected


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "property_name",
    [
        *("rdfs:label", "skos:altLabel", "skos:definition", "skos:note", "dcterms:description", "sh:description"),
        *("k2g:phraseIncreases", "k2g:phraseDecreases"),
    ],
)
@pytest.mark.slow
def test_what_people_read_says_its_language(tmp_path: Path, property_name: str, engine: str) -> None:
    path = tmp_path / "theirs.ttl"
    texts = ('"Gefäß"', '"Gefäß"@de', '"vessel"@en , "Gefäß"@de', "7", "<https://example.org/vessel>")
    path.write_text(_OWN + "".join(f"entity:vessel{n} {property_name} {text} .\n" for n, text in enumerate(texts)), encoding="utf-8")
    found = {result.message for result in validate(EmbeddedStore(path), engine=engine).results if result.shape == "shape:text-language"}
    said = "entity:vessel{} has a text by {} that does not say its language: put the tag behind it, such as @en."
    assert found == {said.format(n, property_name) for n in (0, 3, 4)}


def _vote(votes: int, **weights: float) -> str:
    cast = {"support": 0.0, "open": 0.0, "exclude": 0.0, "contradict": 0.0, **weights}
    said = "".join(f"k2g:{weight}Weight {share} ; " for weight, share in cast.items())
    return (
        "vote:a a k2g:Vote ; k2g:claim claim:a ; k2g:investigation study:a ; k2g:tier k2g:tier-human-trials ; "
        f"{said}k2g:onProposedSide 0.0 ; k2g:onOtherSide 0.0 ; k2g:votes {votes} ."
    )


def _standing(n: int, result: str, support: float, method: str) -> str:
    return (
        f"standing:a a k2g:Standing ; k2g:claim claim:a ; k2g:testedIn k2g:tier-human-trials ; k2g:result k2g:result-{result} ; "
        f"k2g:reachedBy k2g:method-{method} ; k2g:investigations {n} ; k2g:supportWeight {support} ."
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("shape", "content", "told"),
    [
        # One investigation has one vote, whole or in parts; a synthesis that speaks for seven has seven.
        ("vote-is-one", _vote(1, support=1.0), False),
        ("vote-is-one", _vote(1, open=0.5, contradict=0.5), False),
        ("vote-is-one", _vote(1, support=0.3333, open=0.3333, exclude=0.3333), False),
        ("vote-is-one", _vote(7, support=7.0), False),
        ("vote-is-one", _vote(7, support=1.0), True),
        ("vote-is-one", _vote(1, support=7.0), True),
        ("vote-is-one", _vote(1, open=0.5, exclude=1.0), True),
        ("vote-is-one", _vote(1, open=0.5), True),
        # What counts is votes cast, not how many cast them; where nobody did, nothing was counted.
        ("standing-counts-votes", _standing(7, "consistent", 7.0, "counted") + _vote(7, support=7.0), False),
        ("standing-counts-votes", _standing(1, "single", 1.0, "counted") + _vote(7, support=7.0), True),
        ("standing-counts-votes", _standing(1, "single", 1.0, "counted"), True),
        # Three quarters of four are three; leaning is no support; a pooled interval decides in place of the count.
        ("standing-by-thresholds", _standing(4, "consistent", 3.0, "counted"), False),
        ("standing-by-thresholds", _standing(4, "contested", 3.0, "counted"), True),
        ("standing-by-thresholds", _standing(4, "consistent", 2.9, "counted"), True),
        ("standing-by-thresholds", _standing(8, "leaning", 2.0, "by-direction"), False),
        ("standing-by-thresholds", _standing(8, "leaning", 6.0, "by-direction"), True),
        ("standing-by-thresholds", _standing(4, "not-shown", 3.0, "pooled"), False),
    ],
)
@pytest.mark.slow
def test_votes_are_held_against_what_was_counted(tmp_path: Path, shape: str, content: str, told: bool, engine: str) -> None:
    path = tmp_path / "theirs.ttl"
    prefixes = "".join(f"@prefix {kind}: <{iris.BASE}{kind}/> .\n" for kind in ("claim", "standing", "study", "vote"))
    path.write_text(_OWN + prefixes + content, encoding="utf-8")
    said = {result.shape for result in validate(EmbeddedStore(path), engine=engine).results}
    assert (f"shape:{shape}" in said) is told


@pytest.mark.parametrize("engine", ENGINES)
def test_blank_nodes_are_named_and_the_same_each_time(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "theirs.ttl"
    path.write_text(_OWN + "[] a k2g:Food ; rdfs:seeAlso [] . [] a k2g:Food ; rdfs:label 'a' , 'b' .", encoding="utf-8")
    reports = [validate(EmbeddedStore(path), engine=engine) for _ in range(3)]
    assert len({report.to_text() + report.to_json() + report.to_turtle().decode() for report in reports}) == 1
    unnamed = [result for result in json.loads(reports[0].to_json())["results"] if result["shape"] == "shape:named-things"]
    assert {result["value"] for result in unnamed} == {result["focus"] for result in unnamed} == {"_:b1", "_:b2"}
    (pointing,) = (result.message for result in reports[0].results if result.shape == "shape:no-blank-nodes")
    assert re.fullmatch(r"_:b[12] points to a blank node by rdfs:seeAlso: give that thing an IRI\.", pointing)


def test_nothing_is_fetched_and_foreign_shapes_change_nothing(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("reached for the network")

    expected = {result for result in validate(EmbeddedStore(small)).results if result.focus.startswith("study:")}
    hostile = tmp_path / "hostile.ttl"
    hostile.write_text(
        SMALL
        + """
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix shape: <https://w3id.org/k2graph/shape/> .
        <http://example.org/data> a owl:Ontology ; owl:imports <http://example.org/more.ttl> , <file:///etc/passwd> ;
            sh:shapesGraph <http://example.org/shapes.ttl> .
        shape:study-reported sh:deactivated true .
        <http://example.org/shape> a sh:NodeShape ; sh:targetClass k2g:Study ; sh:property <http://example.org/property> ;
            sh:js <http://example.org/script> ; sh:rule <http://example.org/rule> .
        <http://example.org/property> sh:path k2g:pmcid ; sh:minCount 9 ; sh:message "not ours" .
        <http://example.org/script> sh:jsLibrary <http://example.org/library> ; sh:jsFunctionName "run" .
        <http://example.org/library> sh:jsLibraryURL "http://example.org/evil.js" .
        <http://example.org/a> rdfs:subClassOf <http://example.org/b> . <http://example.org/b> rdfs:subClassOf <http://example.org/a> .
        <http://example.org/c> rdfs:comment "<!DOCTYPE x SYSTEM 'http://example.org/x.dtd'><x/>"^^rdf:XMLLiteral .
        """,
        encoding="utf-8",
    )
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    report = validate(EmbeddedStore(hostile))
    assert {result for result in report.results if result.focus.startswith("study:")} == expected
    assert "not ours" not in report.to_text()


def test_what_shacl_cannot_check_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "triple-terms.nt"
    path.write_text(
        "<http://example.org/a> <http://example.org/b> <<( <http://example.org/c> <http://example.org/d> <http://example.org/e> )>> .\n"
    )
    with pytest.raises(InputError, match="triple terms"):
        validate(EmbeddedStore(path))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), ("shape:x a", "not valid Turtle")])
def test_shapes_that_cannot_be_read(small: Path, tmp_path: Path, content: str | None, said: str, engine: str) -> None:
    shapes = tmp_path / "shapes.ttl"
    if content is not None:
        shapes.write_text(content)
    with pytest.raises(InputError, match=said):
        validate(EmbeddedStore(small), shapes, engine)

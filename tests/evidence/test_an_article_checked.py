"""The statements of the article with which k2graph began: each is answered by the command that docs/how-to/check-an-article.md names.

What the answers have to hold was read in the tables, by hand.
"""

import re
import shlex
from pathlib import Path

import pytest
from project import Run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "check-an-article.md"

#: By the number of the statement.
ANSWERED = {
    1: ("Vitamin K beyond adequacy raises muscle strength,\"untested: looked for", "MK-7,no effect,handgrip strength,study:fulton-2016"),
    2: ("Links testable in people: 1, shown in human trials: 0.", "Vitamin K2 raises muscle strength, not shown in human trials (1)"),
    3: ("article,claim-k2-association,", "K2 intakes were not associated with muscle function or falls; K1 was, except grip strength"),
    4: ("boz-2021,authors,", "rondanelli-2020,title,", "ferron-2012,volume,109,105,differs", "knapen-2007,claim-size,small,\"325 post",
        "schurgers-2007,claim-comparison,"),
    5: ("EFSA,2017,all ages and sexes,both,,none set,ug/d,AI,menaquinones", "natto,MK-7,775,775",
        "natto,MK-7,,,1298,1298,1765,1765,ug/100 g"),
    6: ("Carboxylated osteocalcin promotes binding to hydroxyapatite: established", "fracture: contested in human trials (3)"),
    7: ("the chain argues against its own end", "GPRC6A raises muscle mass: consistent in animals (2)"),
    8: ("Axl promotes muscle regeneration: untested: only excluded or under way",),
    9: ("Called speculative in the source article", "exposure decreases vascular calcification: not shown in human trials (5)"),
    10: ("Vitamin K lowers PIVKA-II,deficient,single in human trials (1),consistent in human trials (3)",
         "Vitamin K improves physical performance,adequate,\"untested: looked for on"),
    11: ("older people living in institutions,,both,Japan,,37,undercarboxylated osteocalcin,blood,43",
         "exclusively breastfed infants after antibiotics",
         "people with cystic fibrosis and pancreatic insufficiency who took no vitamin K"),
    12: ("MK-7,time detectable after dose,48,h,\"420 ug single", "MK-7,half-life,very long"),
    13: ("90 ug a day", "180 ug a day", "375 ug a day", "10 ug a day"),
    14: ("adults,male,19 years and over,120,ug/d,AI", "adults,female,19 years and over,90,ug/d,AI",
         "EFSA,2017,adults,both,18 years and over,70,ug/d,AI"),
    15: ("contested in people, not randomised (3)",),
    16: ("carboxylated osteocalcin,MK-7,100 ug a day,4 weeks,180,increases",),
    17: ("people on vitamin K antagonists,vitamin K antagonists,MK-7,major", "with 10 ug/d"),
    18: ("vitamin K,cefazolin,the nutrient,major", "Studies disagree."),
    19: ("vitamin K2, 20 mg a time", "33 people, 9 events"),
    20: ("exposure increases carboxylated MGP: consistent in human trials (11)", "cardiovascular events: not shown in human trials (1)"),
    21: ("egg yolk,vitamin K1 (phylloquinone),0.7", "hard cheese,vitamin K,282", "chicken leg meat,MK-4,58"),
    22: ("claim:antibiotics-risk-bleeding,Antibiotics raise the risk of bleeding,2019,3,1.5,1.5,0,0,contested",),
}  # fmt: skip


def commands() -> dict[int, list[list[str]]]:
    """The commands that the page names, by the number of the statement."""
    rows = re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(number): [shlex.split(command)[1:] for command in re.findall("`([^`]+)`", cell)] for number, cell in rows}


def test_the_page_has_every_statement() -> None:
    assert commands().keys() == ANSWERED.keys()


@pytest.mark.parametrize("number", ANSWERED)
def test_a_statement_is_answered(run: Run, number: int) -> None:
    printed = ""
    for command in commands()[number]:
        done = run(*command, *(("--format", "csv") if command[0] == "ask" else ()))
        assert done.code == 0, done.err
        printed += " ".join(done.out.split())
    assert [part for part in ANSWERED[number] if part not in printed] == []

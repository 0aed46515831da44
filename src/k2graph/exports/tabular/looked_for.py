"""The tables of what was looked for: searches, what they left out, and numbers that could not be read. Their columns."""

from __future__ import annotations

from .table import ID_COLUMN, NOTE_COLUMN, SOURCES_COLUMN, Column, Table, of_ours

LOOKED_FOR = (
    Table(
        "searches",
        "What was looked for, when, where and with which words, and what came of it.",
        lambda part: part.nodes("k2g:Search"),
        (
            ID_COLUMN,
            Column("asked", "What was asked, as a question.", "rdfs:label"),
            Column("claims", "The claims on which evidence was looked for.", "k2g:soughtClaim", "texts"),
            Column("concepts", "Things on which anything was looked for.", "k2g:soughtEntity", "texts"),
            of_ours("words", "k2g:searchWords"),
            of_ours("index", "k2g:searchedIn"),
            of_ours("date", "k2g:searchedOn"),
            of_ours("shown", "k2g:recordsShown", "integer"),
            of_ours("duplicates", "k2g:duplicatesRemoved", "integer"),
            of_ours("held", "k2g:alreadyHeld", "integer"),
            of_ours("screened", "k2g:recordsScreened", "integer"),
            of_ours("taken", "k2g:recordsTaken", "integer"),
            of_ours("left_out", "k2g:recordsLeftOut", "integer"),
            Column("reports", "The reports that were taken in.", "k2g:broughtIn", "texts"),
            of_ours("readers", "k2g:screenedBy", scheme="screenings"),
            NOTE_COLUMN,
        ),
        of=("searches",),
    ),
    Table(
        "left_out_records",
        "Records that searches showed and that are not in the graph, with the reasons.",
        lambda part: part.nodes("k2g:LeftOutRecord"),
        (
            ID_COLUMN,
            Column("search", "The search that showed it.", "k2g:leftOutOf", refers="searches"),
            Column("record", "PMID, DOI, number in a registry or address.", "dcterms:identifier"),
            Column("title", "Its title.", "dcterms:title"),
            Column("reason", "Why it was left out.", "k2g:leftOutFor", scheme="left-out-reasons"),
            NOTE_COLUMN,
        ),
        of=("left_out",),
    ),
    Table(
        "unread_numbers",
        "Findings whose numbers were looked for and could not be read.",
        lambda part: part.nodes("k2g:UnreadNumbers"),
        (
            ID_COLUMN,
            Column("finding", "The finding.", "k2g:unreadFinding", refers="findings"),
            of_ours("missing_numbers", "k2g:missingNumbers"),
            of_ours("readable_in", "k2g:readableIn"),
            of_ours("looked_for_on", "k2g:lookedForOn"),
            SOURCES_COLUMN,
        ),
        of=("not_readable",),
    ),
)

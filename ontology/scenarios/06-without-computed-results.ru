#+ title = "without computed results"
#+ description = """
#+ No estimate counts that a formula made of other numbers of a report. What was read by one is read by its p-value, else by its words, as
#+ the report has them, and no pool holds it."""
#+ changes = "reading"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

DELETE { ?estimate ?property ?value }
WHERE { ?estimate a k2g:ComputedEstimate ; ?property ?value }

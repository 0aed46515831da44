#+ title = "without syntheses"
#+ description = """
#+ No systematic review or meta-analysis counts. What it pooled, and the graph has singly, speaks for itself."""
#+ changes = "counting"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  ?bearing a k2g:Bearing ; k2g:finding/k2g:madeBy/k2g:isSynthesis true .
}

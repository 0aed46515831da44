#+ title = "without associations"
#+ description = """
#+ Results that tell what goes with what, and not what was changed by giving or taking away, do not count."""
#+ changes = "counting"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  ?bearing a k2g:Bearing ; k2g:finding/k2g:direction/k2g:isAssociation true .
}

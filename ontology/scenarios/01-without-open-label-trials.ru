#+ title = "without open-label trials"
#+ description = """
#+ Results of studies in which everybody knew which arm was which do not count. A trial of which nobody has said who knew stays."""
#+ changes = "counting"
#+ goes_by = ["k2g:blinding"]

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  ?bearing a k2g:Bearing ; k2g:finding/k2g:study ?study .
  ?study k2g:blinding k2g:blinding-open-label .
}

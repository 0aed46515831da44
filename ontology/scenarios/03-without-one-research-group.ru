#+ title = "without {label}"
#+ description = """
#+ Results of the studies that a research group stands behind do not count. One line for each group that has a result on the claim that counts."""
#+ changes = "counting"
#+ each = """
#+ SELECT DISTINCT ?group ?label WHERE {
#+   ?bearing a k2g:Bearing ; k2g:finding/k2g:study/k2g:group ?group .
#+   ?group a k2g:ResearchGroup ; rdfs:label ?label .
#+ } ORDER BY ?label"""

PREFIX k2g: <https://w3id.org/k2graph/ontology#>
PREFIX group: <https://w3id.org/k2graph/group/>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  VALUES ?group { group:perth } # an example
  ?bearing a k2g:Bearing ; k2g:finding/k2g:study ?study .
  ?study k2g:group ?group .
}

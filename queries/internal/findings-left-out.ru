# Findings that do not count on any claim.

PREFIX k2g: <https://w3id.org/k2graph/ontology#>
PREFIX finding: <https://w3id.org/k2graph/finding/>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  VALUES ?finding { finding:angelamcheung2008-2 } # an example
  ?bearing a k2g:Bearing ; k2g:finding ?finding .
}

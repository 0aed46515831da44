# Another number by which it is decided how claims stand, in place of the one that is there.

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

DELETE { ?of ?property ?old }
INSERT { ?of ?property ?number }
WHERE {
  VALUES ?of { k2g:thresholds } # an example
  VALUES ?property { k2g:supportedFrom } # an example
  VALUES ?number { 0.8 } # an example
  ?of ?property ?old .
}

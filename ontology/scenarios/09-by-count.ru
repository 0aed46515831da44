#+ title = "by count alone"
#+ description = "Neither a pool nor the sides on which estimates lie decide: what each study shows by itself is counted."
#+ changes = "counting"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

# A share of the studies that no pool holds, and a number that no claim has.
DELETE { ?thresholds k2g:pooledFrom ?share ; k2g:sidesFrom ?number }
INSERT { ?thresholds k2g:pooledFrom 1000000.0 ; k2g:sidesFrom 1000000 }
WHERE { ?thresholds k2g:pooledFrom ?share ; k2g:sidesFrom ?number }

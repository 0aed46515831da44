#+ title = "without studies that industry paid"
#+ description = """
#+ Results of studies that companies alone paid do not count. What companies and public bodies paid together stays, and so does a study of
#+ which nobody has said who paid."""
#+ changes = "counting"
#+ goes_by = ["k2g:paidBy"]

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  ?bearing a k2g:Bearing ; k2g:finding/k2g:study/k2g:paidBy k2g:payer-industry .
}

#+ title = "without studies that industry paid"
#+ description = """
#+ Results of studies that companies alone paid do not count. What companies and public bodies paid together stays, and so does a study of
#+ which nobody has said who paid."""
#+ changes = "counting"
#+ told_by = ["k2g:paidBy", "k2g:funding"]

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

INSERT { ?bearing k2g:notCounted k2g:reason-left-out }
WHERE {
  ?bearing a k2g:Bearing ; k2g:finding/k2g:study ?study .
  {
    # Who paid, in a word, of the study.
    ?study k2g:paidBy k2g:payer-industry .
  }
  UNION
  {
    # Where that is not said, the text about it, where it names a company and neither a public body nor a charity.
    ?study k2g:funding ?text .
    FILTER(REGEX(?text, "pharma|bioscience|life sciences|consumer health|campina|balchem|\\b(inc|ltd|gmbh|b\\.?v|s\\.?a|corp|co)\\b\\.?", "i"))
    FILTER(!REGEX(?text, "universit|institut|council|foundation|fellowship|grant|hospital|ministry|department|\\bnational|given by|supplement by", "i"))
    MINUS { ?study k2g:paidBy ?payer }
  }
}

#+ title = "with half the important difference"
#+ description = """
#+ Every difference from which on an effect matters is half as large, published or taken for want of better; of a ratio its logarithm, so that
#+ 0.75 becomes 0.866."""
#+ changes = "reading"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

DELETE { ?difference ?property ?size }
INSERT { ?difference ?property ?half }
WHERE {
  {
    VALUES ?property { k2g:value }
    ?difference a k2g:ImportantDifference ; k2g:measureTerm ?measure .
  }
  UNION
  {
    VALUES ?property { k2g:unimportantFrom k2g:unimportantTo }
    ?difference a k2g:DefaultDifference ; k2g:ofMeasure ?measure .
  }
  ?difference ?property ?size .
  ?measure k2g:isRatio ?isRatio .
  # The root by Newton's way, from the mean of one and the number: right to four digits from a fifth to five.
  BIND((1 + ?size) / 2 AS ?first)
  BIND((?first + ?size / ?first) / 2 AS ?second)
  BIND((?second + ?size / ?second) / 2 AS ?third)
  BIND(IF(?isRatio, ROUND(10000 * ?third) / 10000, ?size / 2) AS ?half)
}

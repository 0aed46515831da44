#+ title = "with twice the important difference"
#+ description = """
#+ Every difference from which on an effect matters is twice as large, published or taken for want of better; of a ratio its logarithm, so
#+ that 0.75 becomes 0.5625."""
#+ changes = "reading"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

DELETE { ?difference ?property ?size }
INSERT { ?difference ?property ?double }
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
  BIND(IF(?isRatio, ?size * ?size, 2 * ?size) AS ?double)
}

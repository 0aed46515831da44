#+ title = "with what was retracted or is of concern"
#+ description = "Retracted studies, studies of concern and syntheses that pooled such count as if nothing were wrong."
#+ changes = "counting"
#+ without = ["not-counted-retracted", "not-counted-concern"]

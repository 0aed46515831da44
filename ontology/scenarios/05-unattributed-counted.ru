#+ title = "with what cannot be attributed to the exposure"
#+ description = "Comparisons with another dose or something active, and of arms that differed in more than the exposure, count."
#+ changes = "counting"
#+ without = ["not-counted-unattributed"]

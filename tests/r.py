"""R, with its package metafor, against which numbers are held: Debian's, installed where they are missing."""

import json
import subprocess
from typing import Any

from debian import program

_PACKAGES = ("r-base-core", "r-cran-metafor", "r-cran-jsonlite")


def r(script: str) -> Any:
    """What the last expression of a script gives, through JSON with all its digits."""
    said = f"suppressMessages(library(metafor)); cat(jsonlite::toJSON({{ {script} }}, digits = NA, auto_unbox = TRUE))"
    done = subprocess.run([program("Rscript", *_PACKAGES), "--vanilla", "-"], input=said, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"R needs the Debian packages {', '.join(_PACKAGES)}: {done.stderr}"
    return json.loads(done.stdout)

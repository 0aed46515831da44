"""`python -m k2graph`: the command line."""

import sys

from .cli.main import main

sys.exit(main())

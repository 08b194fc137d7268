"""`python -m ui`: the client."""

import sys

from ui.main import main

sys.exit(main())

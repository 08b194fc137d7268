"""`python -m caller_app.central` is `caller-central`."""

import sys

from caller_app.central.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""Lets `python -m tests.reliability` measure; see running."""

import sys

from tests.reliability.running import main

sys.exit(main())

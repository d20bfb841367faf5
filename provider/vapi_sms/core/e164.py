"""E.164, the form in which both vendors know a number: a plus sign and digits (ITU-T E.164, section 6).

By itself, since programs ask for the form of a number, and must not import the tables of all numbers for it.
"""

from __future__ import annotations

import re

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

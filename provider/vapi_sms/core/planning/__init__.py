"""From what was found and what is declared to a plan, or to the reason why there is none."""

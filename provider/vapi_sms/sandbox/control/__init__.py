"""The people's side: seeds, faults, the journal, events from outside, and the control surface."""

"""What a rehearsal on a real account shows of what nobody outside Vapi knows: what is tried, and what follows."""

"""What a program wrote, parsed: one file a noun. Both the program and the provider read it."""

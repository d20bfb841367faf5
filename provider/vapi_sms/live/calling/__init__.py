"""What a call to a vendor needs, whoever it is: a limit, retries, a deadline, a way through the network."""

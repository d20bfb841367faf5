"""The lives of a MessagingServiceInbound and of its record."""

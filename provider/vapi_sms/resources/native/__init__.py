"""The native transport: the same lives for programs in every language, as a provider of their own."""

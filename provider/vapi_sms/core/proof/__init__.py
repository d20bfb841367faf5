"""Proof that texts are answered: what is known of texts and replies, and what follows from it."""

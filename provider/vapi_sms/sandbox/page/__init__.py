"""The sandbox in a browser: a phone, who answers each number, what is asked of the vendors, what happens in life."""

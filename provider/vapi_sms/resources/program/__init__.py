"""What a Pulumi program imports: it registers what is declared, and is light: no vendor library, no `live`."""

"""What was found before anything was switched: captured, remembered, and put back."""

"""Hand the texts of Twilio numbers to a Vapi assistant, and put the original routing back."""

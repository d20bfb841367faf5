"""`--html`: what `doctor` and `preview` tell, as one page for a browser that loads nothing from elsewhere."""

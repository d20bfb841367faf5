"""The life of a VapiSmsNumber, and what lives of one number share."""

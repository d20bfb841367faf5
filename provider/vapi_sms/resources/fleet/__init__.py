"""The life of a VapiSmsFleet: many numbers, each as one."""

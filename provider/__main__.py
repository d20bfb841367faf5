"""Lets Pulumi start the native provider from this folder, as it lies in a checkout: what PulumiPlugin.yaml is for."""

import sys

from vapi_sms.resources.native.__main__ import main

sys.exit(main())

"""Lets `python -m vapi_sms.resources.native ADDRESS` serve, as `pulumi-resource-vapi-sms` does; see serving."""

import sys

from vapi_sms.resources.native.serving import main

sys.exit(main())

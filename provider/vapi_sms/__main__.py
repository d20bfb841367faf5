"""`python -m vapi_sms`: the command, for where only the interpreter is at hand."""

from vapi_sms.cli import main

if __name__ == "__main__":
    main()

"""account(): a second Twilio account and Vapi org in one program, as a provider instance of its own."""

from __future__ import annotations

from collections.abc import Collection

import pulumi

from vapi_sms.resources.inputs.words import EXPLICIT, to_camel
from vapi_sms.resources.program.registering import Mistake

_PACKAGE = "pulumi-python"  # the provider of all dynamic resources
_TWILIO_KEY = ("twilio_api_key", "twilio_api_secret")
_VAPI_TWILIO_KEY = ("vapi_twilio_api_key", "vapi_twilio_api_secret")
_SECRETS = ("twilio_auth_token", "twilio_api_secret", "vapi_api_key", "vapi_twilio_api_secret")


def account(  # noqa: PLR0913 two vendors' credentials, each a keyword
    name: str,
    /,
    *,
    twilio_account_sid: pulumi.Input[str],
    twilio_auth_token: pulumi.Input[str] | None = None,
    twilio_api_key: pulumi.Input[str] | None = None,
    twilio_api_secret: pulumi.Input[str] | None = None,
    vapi_api_key: pulumi.Input[str] | None = None,
    vapi_twilio_api_key: pulumi.Input[str] | None = None,
    vapi_twilio_api_secret: pulumi.Input[str] | None = None,
    twilio_base_url: pulumi.Input[str] | None = None,
    vapi_base_url: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> pulumi.ProviderResource:
    """Give a provider for one Twilio account and one Vapi org, to be passed as `opts=ResourceOptions(provider=...)`.

    Its credentials are those written here, never the environment's or the stack's; tokens, secrets and Vapi's key are
    kept as secrets, whatever is passed. Raises Mistake (one line) where some are missing, half given or given twice.

    :param name: The provider's name in Pulumi.
    :param twilio_account_sid: The Twilio account that owns the numbers, AC and 32 hex digits. A change is refused by
        the resources that were set up in the other account.
    :param twilio_auth_token: Its token; or a key and its secret. A change of either touches no number.
    :param twilio_api_key: An API key instead, SK and 32 hex digits.
    :param twilio_api_secret: That key's secret.
    :param vapi_api_key: The private key of the Vapi org; left out where all its resources are TwilioSmsRoutes and
        MessagingServiceInbounds.
    :param vapi_twilio_api_key: The API key that Vapi is given to reach Twilio, by default the credentials above. A
        change hands Vapi the new one, number by number.
    :param vapi_twilio_api_secret: That key's secret.
    :param twilio_base_url: Where Twilio is, by default what the environment says, else Twilio's own address.
    :param vapi_base_url: Where Vapi is, likewise.
    :param opts: Pulumi's options.
    """
    arguments = {
        "twilio_account_sid": twilio_account_sid,
        "twilio_auth_token": twilio_auth_token,
        "twilio_api_key": twilio_api_key,
        "twilio_api_secret": twilio_api_secret,
        "vapi_api_key": vapi_api_key,
        "vapi_twilio_api_key": vapi_twilio_api_key,
        "vapi_twilio_api_secret": vapi_twilio_api_secret,
        "twilio_base_url": twilio_base_url,
        "vapi_base_url": vapi_base_url,
    }
    given = {argument: value for argument, value in arguments.items() if not _is_nothing(value)}
    if mistake := _mistake(given.keys(), has_vapi_key=vapi_api_key is not None):
        raise Mistake(f"account {name!r}: {mistake}")
    props = {
        _configuration_key(argument): pulumi.Output.secret(value) if argument in _SECRETS else value
        for argument, value in given.items()
    }
    return pulumi.ProviderResource(_PACKAGE, name, {**props, EXPLICIT: "true"}, opts)


def _configuration_key(argument: str) -> str:
    """Give what a stack's configuration calls the same: twilio_auth_token is twilio:authToken."""
    vendor, _, rest = argument.partition("_")
    return f"{vendor}:{to_camel(rest)}"


def _is_nothing(value: object) -> bool:
    """Tell whether an argument says nothing: of an unset environment variable people pass None or ''."""
    return value is None or (isinstance(value, str) and not value.strip())


def _mistake(given: Collection[str], *, has_vapi_key: bool) -> str:
    """Tell what is missing, half given or given twice; nothing where all is well."""
    if "twilio_account_sid" not in given:
        return "twilio_account_sid is empty: write the SID of the Twilio account that owns the numbers"
    if has_vapi_key and "vapi_api_key" not in given:
        return "vapi_api_key is empty: write the private key of the Vapi org"
    has_token, has_key = "twilio_auth_token" in given, any(part in given for part in _TWILIO_KEY)
    if has_token and has_key:
        return "twilio_auth_token and twilio_api_key or its secret are both given: leave one out"
    if not has_token and not has_key:
        return (
            "nothing to reach Twilio with: write twilio_auth_token, or twilio_api_key and twilio_api_secret"
        )
    return _half(_TWILIO_KEY, given) or _half(_VAPI_TWILIO_KEY, given)


def _half(pair: tuple[str, str], given: Collection[str]) -> str:
    missing = [part for part in pair if part not in given]
    if len(missing) != 1:
        return ""
    (there,) = set(pair).difference(missing)
    return f"{there} is given without {missing[0]}: an API key needs both"

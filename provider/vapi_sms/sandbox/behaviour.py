"""What nobody knows about the vendors, as switches: tests run every promise in all of these worlds."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from vapi_sms.sandbox.kept import MOST_LAG_MS

NullsClear: TypeAlias = Literal["everything", "attachments"]


class Strict(BaseModel):
    """A model that refuses keys it does not know, so that a typing error never passes as a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


MOST_MS = 366 * 86_400_000
"""How far anything is moved in time: a year, which dates bear."""

MOST_AGO = 100 * 366 * 86_400
"""How many seconds ago anything came."""


class Latency(Strict):
    """How long each vendor takes before it looks at a request, in milliseconds."""

    twilio: float = Field(default=0, ge=0, le=MOST_MS)
    """Twilio's."""
    vapi: float = Field(default=0, ge=0, le=MOST_MS)
    """Vapi's."""


class Lag(Strict):
    """By how much each vendor's readings lag behind its writes, in milliseconds."""

    twilio: float = Field(default=0, ge=0, le=MOST_LAG_MS)
    """Twilio's."""
    vapi: float = Field(default=0, ge=0, le=MOST_LAG_MS)
    """Vapi's."""


class Skew(Strict):
    """By how much each vendor's clock is ahead of the sandbox's, in milliseconds; negative: behind."""

    twilio: float = Field(default=0, ge=-MOST_MS, le=MOST_MS)
    """Twilio's."""
    vapi: float = Field(default=0, ge=-MOST_MS, le=MOST_MS)
    """Vapi's."""


class Retention(Strict):
    """Which vendor keeps nothing of what was said."""

    twilio: bool = False
    """Messages have empty bodies."""
    vapi: bool = False
    """Chats and sessions have no messages."""


class PageCap(Strict):
    """How much each vendor puts on a page at most; null is what the vendor documents."""

    twilio: int | None = Field(default=None, ge=1)
    """Twilio's."""
    vapi: int | None = Field(default=None, ge=1)
    """Vapi's."""


class Limits(Strict):
    """Requests a second that each vendor takes from one credential; null is no limit."""

    twilio: float | None = Field(default=None, gt=0)
    """Twilio's."""
    vapi: float | None = Field(default=None, gt=0)
    """Vapi's."""
    retry_after: bool = False
    """Whether the refusal says when to come back."""


_TROUBLES = (
    "texts_lost",
    "replies_lost",
    "reply_error",
    "answered_beside",
    "vapi_down",
    "no_card",
    "assistant_silent",
    "reply_after_ms",
)


class Behaviour(Strict):
    """The undocumented side of both vendors; the defaults are the safe assumptions of our reference."""

    patch_rewrites_sms: bool = Field(default=False, description="a PATCH with texts on takes sms_url")
    patch_rewrites_voice: bool = Field(
        default=False, description="any PATCH takes voice_url and status_callback"
    )
    delete: Literal["leaves", "clears", "resets"] = Field(
        default="leaves",
        description="what a DELETE does at Twilio: nothing; empty the URLs that are Vapi's; or write "
        "Twilio's demo URLs, whatever is there",
    )
    import_takes_texts: bool = Field(
        default=True, description="an import with texts on takes sms_url; one report says that it may not"
    )
    import_clears_application: bool = Field(
        default=False, description="an import empties both application SIDs"
    )
    import_clears_fallback: bool = Field(default=False, description="an import empties both fallback URLs")
    import_clears_trunk: bool = Field(
        default=False, description="an import takes the number off its SIP trunk"
    )
    answers_non_us: bool = Field(default=False, description="Vapi answers texts from and to non-US numbers")
    answers_mms: bool = Field(default=False, description="Vapi answers texts with pictures")
    webhook_fails: bool = Field(
        default=False, description="Vapi answers texts with HTTP 503, as it does while it is down"
    )
    late_writes_ms: int = Field(
        default=0,
        ge=0,
        le=MOST_MS,
        description="Vapi's writes at Twilio land that late, by the sandbox's clock",
    )
    webhook_host: str = Field(
        default="https://api.vapi.ai",
        pattern=r"^https?://[^/?#]+(/[^?#]*[^/?#])?$",
        description="host, and a path if need be, of the URLs that Vapi writes at Twilio",
    )
    shows_nulls: bool = Field(default=True, description="Vapi shows what is not set as null")
    nulls_clear: NullsClear = Field(
        default="attachments",
        description="what a null in a PATCH takes away: everything, or assistant and squad only, the rest "
        "being refused; a null for the auth token was never seen",
    )
    page_metadata: Literal["counts", "all", "no_total"] = Field(
        default="all",
        description="what Vapi's pages say of themselves: itemsPerPage, totalItems, currentPage; since 2026-07-30 "
        "totalPages, hasNextPage, nextCursor as well; or those without totalItems and totalPages",
    )
    newest_first: bool = Field(
        default=True, description="Twilio's lists are newest first, as Vapi's always are"
    )
    page_cap: PageCap = Field(
        default=PageCap(), description="a page holds no more than that, whatever is asked for"
    )
    plays_release: bool = Field(
        default=False, description="Twilio takes a DELETE of a number; otherwise that is refused as forbidden"
    )
    import_beside_others: bool = Field(
        default=False,
        description="an import of a number that the org has from another Twilio account, or from another "
        "provider, is taken beside it; otherwise it is refused",
    )
    inactive_account: Literal[20005, 20003] = Field(
        default=20005, description="Twilio's code for the credentials of a suspended or closed account"
    )
    keys_reach_accounts: bool = Field(
        default=False, description="API keys reach /Accounts: main keys do, standard ones do not"
    )
    latency_ms: Latency = Latency()
    """How long each vendor takes before it looks at a request."""
    reads_lag_ms: Lag = Field(
        default=Lag(),
        description="every GET shows what the vendor held that long ago, by the sandbox's clock",
    )
    cached_reads_ms: Lag = Field(
        default=Lag(), description="the same, but for GETs that do not say Cache-Control: no-cache"
    )
    limits: Limits = Limits()
    """How many requests a second each vendor takes."""

    clock_skew_ms: Skew = Field(
        default=Skew(), description="how far each vendor's clock is ahead, in dates and in the Date header"
    )
    texts_lost: bool = Field(
        default=False, description="texts are lost on their way in: Twilio never hears of them"
    )
    delivery_ms: int = Field(
        default=0,
        ge=0,
        le=MOST_MS,
        description="how long what a number sends stays queued, by the sandbox's clock",
    )
    replies_lost: bool = Field(
        default=False, description="who answers is asked and answers, and no message leaves Twilio"
    )
    reply_error: int | None = Field(
        default=None,
        description="replies are undelivered, with this error_code, such as 30034, 30007 or 30003",
    )
    answered_beside: bool = Field(
        default=False,
        description="somebody else answers each text, too: a second message, no session at Vapi",
    )
    alerts_late_ms: int = Field(
        default=0, ge=0, le=MOST_MS, description="alerts show that late, by the sandbox's clock"
    )
    vapi_down: Literal["no", "error", "timeout"] = Field(
        default="no",
        description="Vapi answers nothing: its API HTTP 503 or 504, a text's webhook 503 (Twilio's 11200) or "
        "never (11205)",
    )
    no_card: bool = Field(
        default=False,
        description="Vapi's org has no card: POST /chat answers 402, and so does the webhook of a text (11200)",
    )
    assistant_silent: bool = Field(
        default=False, description="the assistant says nothing: chats without output, empty TwiML"
    )
    reply_after_ms: int = Field(
        default=0,
        ge=0,
        le=MOST_MS,
        description="Vapi's reply to a text comes that late, by the sandbox's clock; from 15,000 on Twilio gives up "
        "(11205), asks the fallback, and the reply comes all the same",
    )
    zero_retention: Retention = Field(
        default=Retention(), description="which vendor keeps nothing of what was said from now on"
    )

    troubled_numbers: tuple[str, ...] | None = Field(
        default=None,
        description="what befalls texts and replies (texts_lost, replies_lost, reply_error, answered_beside, "
        "vapi_down, no_card, assistant_silent, reply_after_ms) befalls these numbers alone, and not Vapi's API; "
        "null: all",
    )

    def at(self, number: str | None) -> Behaviour:
        """Return what holds for texts to a number; for None, what holds for Vapi's API."""
        if self.troubled_numbers is None or number in self.troubled_numbers:
            return self
        return self.model_copy(update={name: type(self).model_fields[name].default for name in _TROUBLES})

    @property
    def sms_url(self) -> str:
        """Where Vapi takes texts; the same for every number, org and assistant."""
        return f"{self.webhook_host}/twilio/sms"

    @property
    def voice_url(self) -> str:
        """Where Vapi takes calls."""
        return f"{self.webhook_host}/twilio/inbound_call"

    @property
    def status_url(self) -> str:
        """Where Vapi hears how calls went."""
        return f"{self.webhook_host}/twilio/status"

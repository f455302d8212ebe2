"""Text messages through Twilio."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from services.notifications.channels import (
    ChannelDown,
    DeliveryRefused,
    Message,
    missing_settings,
)
from src.domain.errors import InvalidInput

TWILIO_URL = "https://api.twilio.com"
TIMEOUT_SECONDS = 10.0
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_OF_THE_ACCOUNT = frozenset({401, 403, 404, 429})
"""Refusals that say nothing about this message: the login, the account or its rate."""


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """The account and the number to send from. What is not set is None."""

    account_sid: str | None
    auth_token: str | None = field(repr=False)
    from_number: str | None


class SmsChannel:
    """Sends through Twilio's own client, which is loaded with the first message."""

    name = "sms"

    def __init__(
        self,
        settings: TwilioSettings,
        base_url: str = TWILIO_URL,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._settings = settings
        self._base_url = base_url
        self._timeout = timeout

    @property
    def missing(self) -> str | None:
        """What to set before text messages work."""
        return missing_settings(
            {
                "TWILIO_ACCOUNT_SID": self._settings.account_sid,
                "TWILIO_AUTH_TOKEN": self._settings.auth_token,
                "TWILIO_FROM_NUMBER": self._settings.from_number,
            }
        )

    def check(self, address: str) -> str:
        """The number without blanks. Raises InvalidInput when it is not international."""
        number = "".join(address.split())
        if not _PHONE.fullmatch(number):
            raise InvalidInput(
                "Write the number in international form, for example +4915112345678.",
                field="address",
            )
        return number

    def label(self, address: str) -> str:
        """The country and the last digits."""
        return f"{address[:3]}…{address[-3:]}"

    def send(self, address: str, message: Message) -> str:
        """Hand the short text over; the answer is Twilio's. Raises what Channel.send names."""
        if self.missing is not None:
            raise ChannelDown(self.missing)
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            with requests.Session() as session:
                sent = self._client(session).messages.create(
                    to=address, from_=self._settings.from_number, body=message.short
                )
        except TwilioRestException as error:
            answer = f"{error.status} {error.msg}" + (f" ({error.code})" if error.code else "")
            if 400 <= error.status < 500 and error.status not in _OF_THE_ACCOUNT:
                raise DeliveryRefused(answer) from error
            raise ChannelDown(answer) from error
        except (TwilioException, requests.RequestException) as error:
            raise ChannelDown(f"Twilio did not answer as it should: {error}") from error
        return f"{sent.status} {sent.sid}"

    def _client(self, session: requests.Session) -> Any:
        from twilio.rest import Client

        return Client(
            self._settings.account_sid,
            self._settings.auth_token,
            http_client=_Transport(session, self._base_url, self._timeout),
        )


class _Transport:
    """What Twilio's client asks of an HTTP client, with an address that can be replaced."""

    def __init__(self, session: requests.Session, base_url: str, timeout: float) -> None:
        self._session = session
        self._base_url = base_url
        self._timeout = timeout

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Any:
        from twilio.http.response import Response

        answer = self._session.request(
            method,
            url.replace(TWILIO_URL, self._base_url, 1),
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=timeout or self._timeout,
            allow_redirects=allow_redirects,
        )
        return Response(answer.status_code, answer.text, dict(answer.headers))

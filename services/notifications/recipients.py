"""Where a user wants to be reached: add an address, prove it, try it, take it away."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.auth import Identity
from services.notifications.channels import (
    Channel,
    ChannelDown,
    DeliveryDelayed,
    DeliveryRefused,
    Message,
)
from services.notifications.secret_box import SecretBox
from services.notifications.writing import Manner, code_notice, compose, trial_notice
from services.throttle import LoginThrottle
from src.database import Database, LoginFailures
from src.database.notification_targets import NotificationTargets, PendingCode, Target
from src.domain.errors import Conflict, InvalidInput, NotFound
from src.domain.ports import Clock

CODE_MINUTES = 15
CODE_TRIES = 5
MOST_TARGETS = 20


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a provider said to a message that a user asked for himself."""

    sent: bool
    answer: str


class Recipients:
    """The targets of users; each call touches only those of the user who asks."""

    def __init__(
        self,
        database: Database,
        channels: Sequence[Channel],
        box: SecretBox,
        clock: Clock,
        *,
        simulated: bool,
    ) -> None:
        self._targets = NotificationTargets(database)
        self._throttle = LoginThrottle(LoginFailures(database), clock)
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._box = box
        self._clock = clock
        self._manner = Manner(simulated)

    def of_user(self, user: Identity) -> list[Target]:
        """All targets of a user."""
        return self._targets.of_user(user.user_id)

    def add(
        self, user: Identity, channel_name: str, address: str, client: str
    ) -> tuple[Target, Attempt | None]:
        """Keep an address and send a code there; a browser proves itself by its subscription.

        Raises InvalidInput naming the field, Conflict when the channel is not set up or there are
        too many, and TooManyAttempts after several in a row.
        """
        channel = self._channel(channel_name)
        address = channel.check(address)
        if len(self.of_user(user)) >= MOST_TARGETS:
            raise Conflict(f"There are {MOST_TARGETS} addresses already; remove one first.")
        code = None if channel_name == "push" else f"{secrets.randbelow(10**6):06d}"
        if code is not None:
            self._throttle.count_attempt(f"notification codes of {user.user_id}", client)
        target_id = self._targets.add(
            user.user_id,
            channel_name,
            self._box.seal(user.user_id, address),
            channel.label(address),
            self._box.fingerprint(f"{channel_name} {address}"),
            self._clock.now(),
            None if code is None else self._pending(user, code),
        )
        attempt = None if code is None else self._send(channel, address, self._code_message(code))
        return self._mine(user, target_id), attempt

    def verify(self, user: Identity, target_id: int, code: str) -> Target:
        """Take the code that arrived there. Raises InvalidInput for a wrong or old one."""
        self._mine(user, target_id)
        pending = self._targets.pending_code(user.user_id, target_id)
        if pending is None:
            raise Conflict("This address waits for no code.")
        if pending.tries >= CODE_TRIES or pending.expires_at <= self._clock.now():
            raise InvalidInput("This code is no longer good; ask for another.", field="code")
        if not hmac.compare_digest(pending.code_hash, self._hash(user, code)):
            self._targets.count_try(user.user_id, target_id)
            raise InvalidInput("This is not the code that was sent.", field="code")
        self._targets.verify(user.user_id, target_id, self._clock.now())
        return self._mine(user, target_id)

    def test(self, user: Identity, target_id: int, client: str) -> Attempt:
        """Send a test message now; the result is the provider's own answer.

        Raises Conflict for a channel that is not set up or an address that is not proven, and
        TooManyAttempts after several in a row.
        """
        target = self._mine(user, target_id)
        channel = self._channel(target.channel)
        if target.verified_at is None:
            raise Conflict("Enter the code that was sent to this address first.")
        self._throttle.count_attempt(f"notification tests of {user.user_id}", client)
        key = f"test:{user.user_id}:{secrets.token_hex(8)}"
        message = compose(trial_notice(), key, self._manner)
        return self._send(channel, self._box.open(user.user_id, target.address), message)

    def remove(self, user: Identity, target_id: int) -> None:
        """Forget an address. Raises NotFound when it is not the user's."""
        now, why = self._clock.now(), "Its address was removed."
        if not self._targets.remove(user.user_id, target_id, now, why):
            raise NotFound("There is no such address.")

    def _channel(self, name: str) -> Channel:
        channel = self._channels.get(name)
        if channel is None:
            raise InvalidInput(f"There is no channel {name!r}.", field="channel")
        if channel.missing is not None:
            raise Conflict(channel.missing)
        return channel

    def _mine(self, user: Identity, target_id: int) -> Target:
        target = self._targets.find(user.user_id, target_id)
        if target is None:
            raise NotFound("There is no such address.")
        return target

    def _pending(self, user: Identity, code: str) -> PendingCode:
        return PendingCode(
            self._hash(user, code), self._clock.now() + CODE_MINUTES * 60_000, tries=0
        )

    def _hash(self, user: Identity, code: str) -> str:
        return self._box.fingerprint(f"code of {user.user_id} {code}")

    def _code_message(self, code: str) -> Message:
        key = f"code:{secrets.token_hex(8)}"
        return compose(code_notice(code, CODE_MINUTES), key, self._manner)

    def _send(self, channel: Channel, address: str, message: Message) -> Attempt:
        try:
            return Attempt(sent=True, answer=channel.send(address, message))
        except (ChannelDown, DeliveryDelayed, DeliveryRefused) as error:
            return Attempt(sent=False, answer=str(error))

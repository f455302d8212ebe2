"""The link at the end of an e-mail: it ends these messages without a login."""

from itsdangerous import BadSignature, URLSafeSerializer

from src.database import NotificationPreferences
from src.domain.errors import InvalidInput
from src.domain.ports import Clock

PATH = "/unsubscribe"


class Unsubscribing:
    """Makes and takes links that name a user and a channel. They do not expire: mail is kept."""

    def __init__(
        self,
        preferences: NotificationPreferences,
        secret_key: str,
        public_url: str | None,
        clock: Clock,
    ) -> None:
        self._preferences = preferences
        self._signer = URLSafeSerializer(secret_key, salt="unsubscribe")
        self._public_url = public_url
        self._clock = clock

    def link(self, user_id: int, channel: str) -> str | None:
        """The address to put into a message; None when nobody said where this system is."""
        if self._public_url is None:
            return None
        return f"{self._public_url}{PATH}?token={self._signer.dumps([user_id, channel])}"

    def channel_of(self, token: str) -> str:
        """Which channel a link ends. Raises InvalidInput for a link that is not ours."""
        return self._read(token)[1]

    def unsubscribe(self, token: str) -> str:
        """Switch every event of that channel off and return its name. Raises as `channel_of`."""
        user_id, channel = self._read(token)
        kept = {wish for wish in self._preferences.wishes(user_id) if wish.channel != channel}
        self._preferences.replace(user_id, kept, self._clock.now())
        return channel

    def _read(self, token: str) -> tuple[int, str]:
        try:
            user_id, channel = self._signer.loads(token)
        except (BadSignature, TypeError, ValueError) as error:
            raise InvalidInput("This link is not complete or not ours.", field="token") from error
        return int(user_id), str(channel)

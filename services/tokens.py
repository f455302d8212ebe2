"""Access tokens: JWT, HS256 and nothing else, every claim required."""

from dataclasses import dataclass

import jwt

from src.domain.errors import Unauthenticated

ALGORITHM = "HS256"
ISSUER = "ict-trading-system"
AUDIENCE = "ict-dashboard"
TOKEN_TYPE = "access"  # noqa: S105 - the kind of token, not a secret
_REQUIRED = ("exp", "iat", "sub", "jti", "aud", "iss", "typ")


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says. Times are UTC seconds, as JWT writes them."""

    user_id: int
    session_id: str
    issued_at: int
    expires_at: int


class TokenSigner:
    """Writes and reads access tokens with one secret key."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def sign(self, claims: TokenClaims) -> str:
        """The token that carries `claims`."""
        payload = {
            "sub": str(claims.user_id),
            "jti": claims.session_id,
            "iat": claims.issued_at,
            "exp": claims.expires_at,
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": TOKEN_TYPE,
        }
        return jwt.encode(payload, self._secret_key, algorithm=ALGORITHM)

    def read(self, token: str, now: int) -> TokenClaims:
        """The claims of a genuine token not expired at `now` (UTC ms). Raises Unauthenticated.

        Expiry is judged by the caller's clock; everything else by the JWT library.
        """
        try:
            payload = jwt.decode(
                token,
                self._secret_key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={
                    "require": list(_REQUIRED),
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("The access token is not valid; sign in again.") from error
        claims = _claims(payload)
        if claims.expires_at * 1000 <= now:
            raise Unauthenticated("The session has expired; sign in again.")
        return claims


def _claims(payload: dict[str, object]) -> TokenClaims:
    subject, session_id = payload["sub"], payload["jti"]
    issued_at, expires_at = payload["iat"], payload["exp"]
    if (
        payload["typ"] != TOKEN_TYPE
        or not (isinstance(subject, str) and subject.isdecimal() and subject.isascii())
        or not isinstance(session_id, str)
        or type(issued_at) is not int
        or type(expires_at) is not int
    ):
        raise Unauthenticated("The access token is not valid; sign in again.")
    return TokenClaims(int(subject), session_id, issued_at, expires_at)

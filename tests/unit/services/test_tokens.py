"""Access tokens: what is forged, foreign, incomplete or expired is refused."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from services.tokens import AUDIENCE, ISSUER, TokenClaims, TokenSigner
from src.domain.errors import Unauthenticated

KEY = "a-test-key-with-more-than-sixty-four-characters-for-every-algorithm-0123456789"
NOW_S = 1_790_000_000
CLAIMS = TokenClaims(user_id=7, session_id="session", issued_at=NOW_S, expires_at=NOW_S + 60)


def payload(**changes: Any) -> dict[str, Any]:
    whole = {
        "sub": "7",
        "jti": "session",
        "iat": NOW_S,
        "exp": NOW_S + 60,
        "iss": ISSUER,
        "aud": AUDIENCE,
        "typ": "access",
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def forge(algorithm: str = "HS256", key: str = KEY, **changes: Any) -> str:
    return jwt.encode(payload(**changes), key, algorithm=algorithm)


def tampered() -> str:
    header, _, signature = forge().split(".")
    return f"{header}.{forge(sub='8').split('.')[1]}.{signature}"


FORGERIES: dict[str, Callable[[], str]] = {
    "no algorithm": lambda: forge("none", ""),
    "another algorithm of the family": lambda: forge("HS512"),
    "another key": lambda: forge(key=KEY[::-1]),
    "a changed payload": tampered,
    "no expiry": lambda: forge(exp=...),
    "no issue time": lambda: forge(iat=...),
    "no subject": lambda: forge(sub=...),
    "no session": lambda: forge(jti=...),
    "no audience": lambda: forge(aud=...),
    "no issuer": lambda: forge(iss=...),
    "no type": lambda: forge(typ=...),
    "another audience": lambda: forge(aud="somebody-else"),
    "another issuer": lambda: forge(iss="somebody-else"),
    "another type": lambda: forge(typ="refresh"),
    "a subject that is no user id": lambda: forge(sub="root"),
    "a negative subject": lambda: forge(sub="-7"),
    "an expiry that is no number": lambda: forge(exp="tomorrow"),
    "an expiry of true": lambda: forge(exp=True),
    "expired": lambda: forge(exp=NOW_S),
    "nothing": lambda: "",
    "not a token": lambda: "a.b.c",
}


def test_a_signed_token_reads_back() -> None:
    signer = TokenSigner(KEY)
    assert signer.read(signer.sign(CLAIMS), NOW_S * 1000) == CLAIMS


def test_the_table_below_refuses_for_the_reason_it_names() -> None:
    """Built the same way without the defect, the token is accepted."""
    assert TokenSigner(KEY).read(forge(), NOW_S * 1000) == CLAIMS


@pytest.mark.parametrize("defect", FORGERIES)
def test_forged_tokens_are_refused(defect: str) -> None:
    with pytest.raises(Unauthenticated):
        TokenSigner(KEY).read(FORGERIES[defect](), NOW_S * 1000)


def test_a_token_lives_until_its_last_millisecond() -> None:
    signer = TokenSigner(KEY)
    token = signer.sign(CLAIMS)
    assert signer.read(token, CLAIMS.expires_at * 1000 - 1) == CLAIMS
    with pytest.raises(Unauthenticated):
        signer.read(token, CLAIMS.expires_at * 1000)


def test_a_token_carries_no_more_than_it_must() -> None:
    token = TokenSigner(KEY).sign(CLAIMS)
    assert set(jwt.decode(token, options={"verify_signature": False})) == set(payload())

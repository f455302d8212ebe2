"""Column types and the naming rule every table shares."""

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    DOUBLE_PRECISION,
    INTEGER,
    REAL,
    BigInteger,
    Dialect,
    MetaData,
    Text,
    TypeDecorator,
)
from typing_extensions import override

from src.database.errors import UnstorableValue

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Real: REAL[float] = REAL().with_variant(DOUBLE_PRECISION(), "postgresql")
"""An 8-byte float everywhere: REAL is one in SQLite and half of one in PostgreSQL."""

BigInt = BigInteger().with_variant(INTEGER(), "sqlite")
"""UTC milliseconds and ids of long logs. SQLite autoincrements nothing but INTEGER."""


def decimal_text(value: Decimal) -> str:
    """The ledger's spelling of an amount: plain digits, never an exponent.

    Raises UnstorableValue for NaN and infinities, which no ledger can add up.
    """
    if not value.is_finite():
        raise UnstorableValue(f"the ledger stores finite amounts only, not {value}")
    return f"{value:f}"


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal kept as TEXT: what goes in comes out, digit for digit."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Spell the amount as the ledger does."""
        return None if value is None else decimal_text(value)

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Read the amount back."""
        return None if value is None else Decimal(value)


class JsonText(TypeDecorator[Any]):
    """A JSON document kept as TEXT. NaN and infinities are refused: browsers cannot read them."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Write the document compactly."""
        if value is None:
            return None
        try:
            return json.dumps(value, allow_nan=False, separators=(",", ":"))
        except ValueError as error:
            raise UnstorableValue(f"this cannot be written as JSON: {error}") from error

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """Read the document back."""
        return None if value is None else json.loads(value)

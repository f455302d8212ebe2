"""JSON on the wire: strict in both directions."""

import json
from typing import Any, NoReturn

from flask.json.provider import DefaultJSONProvider


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class StrictJSONProvider(DefaultJSONProvider):
    """Reads and writes JSON as the standard says it: no NaN, no Infinity.

    Bytes nested too deeply to read count as malformed instead of exhausting the stack.
    """

    sort_keys = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """`obj` as JSON text. Raises ValueError for a number JSON cannot hold."""
        return super().dumps(obj, allow_nan=False, **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of JSON text. Raises ValueError when it is malformed."""
        try:
            return json.loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None

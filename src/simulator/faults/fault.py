"""One scripted fault, and how it is read from YAML, JSON or a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from src.domain.errors import InvalidInput
from src.simulator.faults.kinds import KINDS, Occasion, Value

_WHEN = {
    "path", "topic", "symbol", "matching", "first", "every", "times", "probability",
    "from", "until",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong and when.

    Of the occasions that match `pattern` (a glob over paths or topics), `symbol` and `matching`
    (request parameters) and lie in [begins, ends) of market time (UTC ms), the `first` one and
    then each `every`-th is taken with `probability`, at most `times` times (0: without limit).
    """

    kind: str
    occasion: Occasion
    pattern: str
    parameters: Mapping[str, Value]
    symbol: str = ""
    matching: Mapping[str, str] = field(default_factory=dict)
    first: int = 1
    every: int = 1
    times: int = 1
    probability: float = 1.0
    begins: int = 0
    ends: int | None = None

    def number(self, name: str) -> float:
        """A parameter as a number."""
        return float(self.parameters[name])

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        return bool(self.parameters[name])

    def text(self, name: str) -> str:
        """A parameter as text."""
        return str(self.parameters[name])


@dataclass(frozen=True, slots=True)
class Script:
    """Faults in their order and the seed their probabilities follow from."""

    faults: tuple[Fault, ...] = ()
    seed: int = 0


def script_of_file(path: Path) -> Script:
    """The script in a YAML file (JSON is YAML). Raises InvalidInput."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"{path}: cannot be read as YAML or JSON ({error}).", "faults") from None
    return script_of(content)


def script_of(content: object) -> Script:
    """A script as decoded: `{seed, faults: [...]}`, or the bare list. Raises InvalidInput."""
    if isinstance(content, list):
        content = {"faults": content}
    if not isinstance(content, dict) or not set(content) <= {"seed", "faults"}:
        raise InvalidInput("A fault script holds `seed` and `faults`.", "faults")
    listed, seed = content.get("faults") or [], content.get("seed", 0)
    if not isinstance(listed, list) or not isinstance(seed, int):
        raise InvalidInput("`faults` is a list and `seed` a whole number.", "faults")
    return Script(tuple(fault_of(item) for item in listed), seed)


def fault_of(content: object) -> Fault:
    """One fault as decoded. Raises InvalidInput that names what is wrong."""
    if not isinstance(content, dict) or content.get("fault") not in KINDS:
        raise InvalidInput(f"A fault is one of: {', '.join(KINDS)}.", "faults")
    name = str(content["fault"])
    kind = KINDS[name]
    given = {key: value for key, value in content.items() if key != "fault"}
    unknown = set(given) - _WHEN - set(kind.parameters)
    if unknown:
        raise InvalidInput(f"{name} does not know {', '.join(sorted(unknown))}.", "faults")
    occasion = _occasion(name, given, kind.occasions)
    pattern = given.get("path") or given.get("topic")
    wanted = given.get("matching") or {}
    if not isinstance(wanted, dict):
        raise InvalidInput(f"{name}: `matching` names parameters and their values.", "faults")
    return Fault(
        name,
        occasion,
        str(pattern or ("/v5/*" if occasion is Occasion.REQUEST else "*")),
        {key: _like(name, key, default, given) for key, default in kind.parameters.items()},
        str(given.get("symbol") or ""),
        {str(key): parameter_text(value) for key, value in wanted.items()},
        _whole(name, given, "first", 1),
        _whole(name, given, "every", 1),
        _whole(name, given, "times", 1, 0),
        _share(name, given),
        _whole(name, given, "from", 0, 0),
        _whole(name, given, "until", 0, 0) or None,
    )


def parameter_text(value: object) -> str:
    """A request parameter as it is compared: `true` and `false` for booleans."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _occasion(name: str, given: Mapping[str, object], possible: tuple[Occasion, ...]) -> Occasion:
    occasion = possible[0]
    if "path" in given:
        occasion = Occasion.REQUEST
    elif "topic" in given:
        occasion = Occasion.MESSAGE
    elif occasion is Occasion.MESSAGE and Occasion.CLOCK in possible:
        occasion = Occasion.CLOCK
    if occasion not in possible or ("path" in given and "topic" in given):
        raise InvalidInput(f"{name} cannot happen on such an occasion.", "faults")
    return occasion


def _whole(fault: str, given: Mapping[str, object], name: str, default: int, least: int = 1) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidInput(f"{fault}: `{name}` is a whole number from {least}.", "faults")
    return value


def _share(fault: str, given: Mapping[str, object]) -> float:
    value = given.get("probability", 1.0)
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidInput(f"{fault}: `probability` lies between 0 and 1.", "faults")
    return float(value)


def _like(fault: str, name: str, default: Value, given: Mapping[str, object]) -> Value:
    value = given.get(name, default)
    fits = isinstance(value, type(default)) and isinstance(value, bool) == isinstance(default, bool)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not fits or not isinstance(value, bool | int | float | str):
        raise InvalidInput(f"{fault}: `{name}` must be like {default!r}.", "faults")
    return value

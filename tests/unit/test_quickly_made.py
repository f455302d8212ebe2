"""A quickly made fact is the frozen dataclass it was declared as."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from src.domain.quick import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Part:
    """A fact with a default and a check."""

    name: str
    count: int = 1

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("fewer than none")


def test_it_has_its_fields_defaults_words_equality_and_hash() -> None:
    part = Part("wheel")
    assert (part.name, part.count) == ("wheel", 1)
    assert repr(part) == "Part(name='wheel', count=1)"
    assert part == Part(name="wheel", count=1) != Part("wheel", 2)
    assert hash(part) == hash(Part("wheel"))
    assert type(part) is Part
    assert replace(part, count=4) == Part("wheel", 4)
    assert pickle.loads(pickle.dumps(part)) == part


def test_it_does_not_change_and_takes_no_further_fields() -> None:
    part = Part("wheel")
    with pytest.raises(FrozenInstanceError):
        part.name = "axle"  # type: ignore[misc]  # that it is refused is the point
    with pytest.raises(AttributeError):
        object.__setattr__(part, "colour", "red")


def test_its_check_runs_and_missing_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than none"):
        Part("wheel", -1)
    with pytest.raises(TypeError):
        Part()  # type: ignore[call-arg]  # that it is refused is the point


def test_a_default_factory_is_refused_when_the_class_is_declared() -> None:
    @dataclass(frozen=True, slots=True)
    class Parts:
        parts: list[str] = field(default_factory=list)

    with pytest.raises(TypeError, match="default factory"):
        quickly_made(Parts)

"""The certificate finds no rewritten past in this strategy, and finds it in detectors that leak."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from src.domain.candle import Timeframe
from src.domain.errors import InvalidCandle
from src.strategy.candle_arrays import CandleArrays
from src.strategy.certificate import (
    EVERY_LENGTH_TO,
    Analyse,
    Tally,
    certificate_lines,
    certify,
    follow,
    resume,
    sampled_lengths,
)
from src.strategy.codes import KINDS
from src.strategy.export import Event, analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, arrays, walk

# A low threshold and small degrees, so that a short walk arms setups too.
PARAMETERS = StrategyParameters(internal_degree=2, external_degree=5, confluence_threshold=25)
CANDLES = walk(3, 1500)
OTHER = walk(4, 1500)


def change(events: Iterable[Event], kind: str, **values: object) -> Iterator[Event]:
    """The same events with other values in those of one kind."""
    return (event | values if event["kind"] == kind else event for event in events)


def backdating(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float,
    peer: CandleArrays | None,
) -> Iterator[Event]:
    """Stamps a swing on its own bar, though later bars had to confirm it: the common mistake."""
    for event in analyse(candles, timeframe, parameters, tick, peer):
        yield event | {"t": event["t_origin"]} if event["kind"] == "swing" else event


def forgetting(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float,
    peer: CandleArrays | None,
) -> Iterator[Event]:
    """Takes back every order block that failed later."""
    events = list(analyse(candles, timeframe, parameters, tick, peer))
    failed = {e["id"] for e in events if e["kind"] == "ob" and e["event"] == "invalidated"}
    return (e for e in events if e["kind"] != "ob" or e["id"] not in failed)


def repainting(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float,
    peer: CandleArrays | None,
) -> Iterator[Event]:
    """Moves the bounds of every gap to the newest close."""
    events = analyse(candles, timeframe, parameters, tick, peer)
    return change(events, "fvg", top=float(candles.close[-1]))


def test_no_reading_of_the_strategy_is_rewritten() -> None:
    certificate = certify(CANDLES, M5, PARAMETERS, tick=0.5, peer=OTHER)
    assert certificate.rewritten == 0
    assert certificate.examples == ()
    assert list(certificate.kinds) == list(KINDS)
    assert all(tally.readings > 0 for tally in certificate.kinds.values())


@pytest.mark.parametrize(
    ("leak", "kind", "how"),
    [
        (backdating, "swing", "added"),
        (forgetting, "ob", "removed"),
        (repainting, "fvg", "changed"),
    ],
)
def test_a_detector_that_rewrites_its_past_is_caught_and_no_other_is_accused(
    leak: Analyse, kind: str, how: str
) -> None:
    """Even without following bar by bar, the shorter histories show it."""
    certificate = certify(CANDLES, M5, PARAMETERS, analyse=leak, follow=None)
    assert getattr(certificate.kinds[kind], how) > 0
    assert certificate.rewritten == certificate.kinds[kind].rewritten
    assert certificate.examples[0].startswith(kind)


def test_a_live_strategy_that_says_something_else_than_the_batch_is_caught() -> None:
    def drifting(
        candles: CandleArrays,
        timeframe: Timeframe,
        parameters: StrategyParameters,
        tick: float,
        peer: CandleArrays | None,
    ) -> Iterator[list[Event]]:
        for events in follow(candles, timeframe, parameters, tick, peer):
            yield list(change(events, "structure", mss=None))

    certificate = certify(CANDLES, M5, PARAMETERS, follow=drifting, lengths=())
    tally = certificate.kinds["structure"]
    assert tally.changed == tally.readings > 0


def test_a_live_strategy_that_writes_into_an_earlier_bar_is_caught() -> None:
    """Even if the batch agrees word for word."""

    def late(
        candles: CandleArrays,
        timeframe: Timeframe,
        parameters: StrategyParameters,
        tick: float,
        peer: CandleArrays | None,
    ) -> Iterator[list[Event]]:
        held: list[Event] = []
        for events in follow(candles, timeframe, parameters, tick, peer):
            yield held
            held = events
        yield held

    certificate = certify(CANDLES, M5, PARAMETERS, follow=late, lengths=())
    assert certificate.rewritten == sum(t.readings for t in certificate.kinds.values())
    assert certificate.kinds["swing"].added == certificate.kinds["swing"].readings


def test_a_strategy_that_forgets_something_over_a_restart_is_caught() -> None:
    def forgetful(
        candles: CandleArrays,
        timeframe: Timeframe,
        parameters: StrategyParameters,
        tick: float,
        peer: CandleArrays | None,
    ) -> Iterator[Event]:
        events = resume(candles, timeframe, parameters, tick, peer)
        return (event for event in events if event["event"] != "reclaim")

    certificate = certify(CANDLES, M5, PARAMETERS, resume=forgetful, lengths=())
    assert certificate.kinds["pool"].added > 0
    assert certificate.rewritten == certificate.kinds["pool"].rewritten


def test_every_short_length_is_analysed_and_long_ones_are_sampled() -> None:
    lengths = list(sampled_lengths(100_000))
    assert lengths[:EVERY_LENGTH_TO] == list(range(1, EVERY_LENGTH_TO + 1))
    assert lengths[-1] < 100_000
    assert all(later <= 1.5 * earlier + 1 for earlier, later in pairwise(lengths))


def test_the_table_ends_with_the_verdict() -> None:
    certificate = certify(CANDLES.first(300), M5, PARAMETERS)
    *table, verdict = certificate_lines(certificate)
    assert [line.split()[0] for line in table] == ["kind", *KINDS]
    readings = sum(tally.readings for tally in certificate.kinds.values())
    assert verdict.endswith(f": {readings:,} readings, 0 rewritten by later bars.")


def test_nothing_to_certify_is_nothing_rewritten() -> None:
    certificate = certify(CANDLES.first(0), M5, PARAMETERS)
    assert certificate.rewritten == 0
    assert set(map(repr, certificate.kinds.values())) == {repr(Tally())}


def test_a_bar_that_cannot_be_true_is_named() -> None:
    with pytest.raises(InvalidCandle, match="bar 1 "):
        certify(arrays([(1, 1, 1, 1), (1, 1, 2, 1)]), M5, PARAMETERS)

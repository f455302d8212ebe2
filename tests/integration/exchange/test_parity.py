"""The paper venue and the simulated exchange tell the same story on the same candles.

Two things differ by design: Bybit's attached target is a market order and pays the taker fee, and
a market entry's slippage counts from the price it was planned at, the only one a client knows.
"""

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from src.domain.order import Direction, Fill, FillReason, OrderKind
from tests.contract.venues import VenueUnderContract, entry_at, paper_venue
from tests.integration.exchange.bybit_venue import bybit_venue

STEPS = 40


def prices(seed: int) -> Iterator[float]:
    draw = random.Random(seed)
    price = 50_100.0
    for _ in range(STEPS):
        price = round(price + draw.gauss(0, 120), 1)
        yield price


def story(venue: VenueUnderContract, seed: int) -> list[Fill]:
    """One entry after another on a random walk, each drawn from the same numbers."""
    draw = random.Random(seed + 1)
    fills: list[Fill] = []
    market, number, flat = Decimal("50100.0"), 0, True
    for price in prices(seed):
        if flat:
            number += 1
            flat = False
            side = draw.choice(list(Direction))
            kind = draw.choice(list(OrderKind))
            entry = market - draw.randrange(0, 100) * int(side)
            venue.broker.submit(
                entry_at(
                    venue, order_link_id=f"parity-{number}", direction=side, kind=kind,
                    price=entry, stop_loss=entry - draw.randrange(120, 300) * int(side),
                    take_profit=entry + draw.randrange(120, 400) * int(side),
                )
            )  # fmt: skip
        venue.trade_at(price)
        market = Decimal(str(price))
        new = [fact for fact in venue.broker.drain() if isinstance(fact, Fill)]
        flat = any(fill.reason is not FillReason.ENTRY for fill in new)
        fills += new
    return fills


@pytest.mark.parametrize("seed", range(4))
def test_the_same_fills_at_the_same_prices_and_times(seed: int) -> None:
    with paper_venue() as paper, bybit_venue() as bybit:
        expected, seen = story(paper, seed), story(bybit, seed)
    assert len(expected) >= 4

    def facts(fills: list[Fill], start: int) -> list[tuple[object, ...]]:
        return [
            (f.order_link_id, f.direction, f.reason, f.quantity, f.price, f.time - start)
            for f in fills
        ]

    first = expected[0].time - seen[0].time
    assert first % 300_000 == 0
    assert facts(seen, 0) == facts(expected, first)
    for paper_fill, bybit_fill in zip(expected, seen, strict=True):
        if paper_fill.reason is FillReason.TARGET:
            assert not bybit_fill.is_maker
        else:
            assert bybit_fill.fee == paper_fill.fee
        if paper_fill.reason is FillReason.STOP:
            assert bybit_fill.slippage == paper_fill.slippage

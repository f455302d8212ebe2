"""Section 14: what becomes of the setups of every entry model.

All prices here are as the setup's direction sees them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.unit.strategy.reference.facts import Facts
from tests.unit.strategy.reference.lines import SETUP_STEP, Line
from tests.unit.strategy.reference.models import MODELS, Proposal
from tests.unit.strategy.reference.score import components


@dataclass(frozen=True)
class Live:
    """An armed setup that waits for its entry."""

    id: int
    dir: int
    proposal: Proposal
    armed: int
    target: float


def setup_lines(facts: Facts) -> Iterator[Line]:
    """Bar by bar: first those that wait, then each model's new one, long first."""
    live: dict[tuple[str, int], Live] = {}
    identity = 0
    for t in range(len(facts.market)):
        for key, waiting in list(live.items()):
            event, keys = outcome(facts, waiting, t)
            if event:
                del live[key]
                yield Line(t, SETUP_STEP, "setup", event, waiting.id, waiting.dir, keys)
        for model, propose in MODELS.items():
            for direction in (1, -1):
                if (model, direction) in live:
                    continue
                proposal = propose(facts, direction, t)
                if proposal is None:
                    continue
                event, target, keys = judge(facts, model, direction, proposal, t)
                yield Line(t, SETUP_STEP, "setup", event, identity, direction, keys)
                if event == "armed":
                    live[model, direction] = Live(identity, direction, proposal, t, target)
                identity += 1


def judge(
    facts: Facts, model: str, direction: int, proposal: Proposal, t: int
) -> tuple[str, float, dict[str, object]]:
    """Armed, or refused with every reason: RR<2, a stop nearer than 0.2·A, a score too low."""
    bars, rules = facts.market.side(direction), facts.rules
    average = bars.average_range_before(t)
    assert average is not None
    risk = proposal.entry - proposal.stop
    multiple = max(2.0, rules.minimum_reward)
    target = proposal.target
    rewarded = target is None
    if target is None:
        target = proposal.entry + multiple * risk
    elif risk > 0:
        rewarded = (target - proposal.entry) / risk >= rules.minimum_reward
    points = components(facts, direction, proposal.entry, t)
    refusals = [
        name
        for name, refused in (
            ("reward", not rewarded),
            ("stop", not risk >= 0.2 * average),
            ("score", sum(points.values()) < rules.threshold),
        )
        if refused
    ]
    keys: dict[str, object] = {
        "model": model,
        "entry": bars.price(proposal.entry),
        "stop": bars.price(proposal.stop),
        "target": bars.price(target),
        "score": sum(points.values()),
        "components": points,
    }
    if refusals:
        return "refused", target, {**keys, "refusals": refusals}
    return "armed", target, keys


def outcome(facts: Facts, waiting: Live, t: int) -> tuple[str, dict[str, object]]:
    """What a bar makes of a waiting setup, in the order of the specification."""
    bars, proposal = facts.market.side(waiting.dir), waiting.proposal
    if proposal.market or bars.low[t] < proposal.entry:
        return "triggered", {}
    end = bars.time[t] + bars.step
    reasons = [
        ("stop_traded", bars.low[t] <= proposal.stop),
        ("zone_inverted", proposal.bottom is not None and bars.close[t] < proposal.bottom),
        ("target_traded", bars.high[t] >= waiting.target),
        ("expired", t - waiting.armed >= facts.rules.setup_bars),
        ("expired", proposal.deadline is not None and end >= proposal.deadline),
    ]
    for reason, applies in reasons:
        if applies:
            return "cancelled", {"reason": reason}
    return "", {}

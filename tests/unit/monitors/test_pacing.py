"""A replay asks for one instant at a time and knows when there is nothing left to ask for."""

from src.monitors.pacing import LockStepPace, MarketPace


def test_the_market_is_never_asked_and_never_finished() -> None:
    pace = MarketPace()
    assert pace.release_next(0) is None
    assert not pace.finished


def test_a_replay_is_finished_when_it_is_asked_beyond_its_last_instant() -> None:
    steps = iter([(300, False), (600, True)])
    pace = LockStepPace(lambda: next(steps))
    assert pace.release_next(0) == 300
    assert pace.release_next(300) == 600
    assert not pace.finished
    assert pace.release_next(600) is None
    assert pace.finished


def test_a_replay_restarted_after_its_end_is_finished_at_once() -> None:
    pace = LockStepPace(lambda: (600, True))
    pace.release_next(600)
    assert pace.finished

"""What tests of several files look at and none changes."""

from pathlib import Path

import pytest

from tests.replay import REPLAY_DAYS, Replay, lock_step_market, replay_to_the_end


@pytest.fixture(scope="session")
def whole_replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Four days of the synthetic market, traded by the whole product without a disturbance."""
    database: Path = tmp_path_factory.mktemp("whole-replay") / "trading.db"
    with lock_step_market(REPLAY_DAYS) as url:
        return replay_to_the_end(url, database)

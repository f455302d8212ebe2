"""What scripted faults do to requests, seen by the real pybit and by a plain HTTP client."""

import json
from collections.abc import Iterator

import pytest
import requests
from pybit.exceptions import FailedRequestError, InvalidRequestError

from src.simulator.clock import wall_now
from src.simulator.faults.fault import script_of
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.faults import control, happened, inject
from tests.integration.simulator.following import wait_until
from tests.integration.simulator.private import PrivateSide, code_of, private_side, raw
from tests.integration.simulator.scripted_market import ScriptedFeed, scripted_clock

CREATE = "/v5/order/create"
POSITIONS = "/v5/position/list"
QUERY = "category=linear&symbol=BTCUSDT"


@pytest.fixture
def side() -> Iterator[PrivateSide]:
    with private_side() as side:
        side.session.max_retries = 1
        side.session.timeout = 1
        yield side


def links(side: PrivateSide) -> list[str]:
    return [row["orderLinkId"] for row in side.open_orders()]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_timeout_may_hide_an_accepted_order(side: PrivateSide, accepted: bool) -> None:
    inject(side.url, "timeout", path=CREATE, accepted=accepted)
    with pytest.raises(requests.exceptions.ReadTimeout):
        side.buy(orderLinkId="hidden")
    assert links(side) == (["hidden"] if accepted else [])


def test_a_timeout_ends_by_itself(side: PrivateSide) -> None:
    inject(side.url, "timeout", path=CREATE, seconds=0.1)
    with pytest.raises(requests.exceptions.ConnectionError):
        side.buy(orderLinkId="hidden")
    assert links(side) == ["hidden"]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_connection_may_drop_before_or_after_acceptance(
    side: PrivateSide, accepted: bool
) -> None:
    inject(side.url, "dropped", path=CREATE, accepted=accepted)
    with pytest.raises(requests.exceptions.ConnectionError):
        side.buy(orderLinkId="hidden")
    assert links(side) == (["hidden"] if accepted else [])


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_says_nothing_about_the_order(
    side: PrivateSide, status: int, accepted: bool
) -> None:
    inject(side.url, "server_error", path=CREATE, status=status, accepted=accepted)
    with pytest.raises(FailedRequestError) as caught:
        side.buy(orderLinkId="hidden")
    assert caught.value.status_code == status
    assert links(side) == (["hidden"] if accepted else [])


def test_an_empty_body_is_no_answer(side: PrivateSide) -> None:
    inject(side.url, "empty_body", path=CREATE)
    with pytest.raises(FailedRequestError) as caught:
        side.buy(orderLinkId="hidden")
    assert caught.value.status_code == 409
    assert links(side) == ["hidden"]


def test_a_blocked_region_is_a_403_page_and_not_json(side: PrivateSide) -> None:
    inject(side.url, "forbidden")
    answer = raw(side.url, "GET", POSITIONS, QUERY)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        403, "text/html; charset=utf-8",
    )  # fmt: skip
    assert "CloudFront" in answer.text


@pytest.mark.parametrize("reset_ms", [-2_000, 3_000])
def test_a_rate_limit_names_a_reset_that_may_be_past(side: PrivateSide, reset_ms: int) -> None:
    inject(side.url, "rate_limited", reset_ms=reset_ms)
    inject(side.url, "too_many_requests", first=2, reset_ms=reset_ms)
    before = wall_now()
    limited, too_many = (raw(side.url, "GET", POSITIONS, QUERY) for _ in range(2))
    assert (code_of(limited), too_many.status_code) == (10006, 429)
    for answer in (limited, too_many):
        reset = int(answer.headers["X-Bapi-Limit-Reset-Timestamp"])
        assert before + reset_ms <= reset <= wall_now() + reset_ms


@pytest.mark.parametrize("milliseconds", [-10_000, 10_000])
def test_a_skewed_clock_refuses_signatures_and_shows_in_the_server_time(
    side: PrivateSide, milliseconds: int
) -> None:
    inject(side.url, "clock_skew", milliseconds=milliseconds, times=0)
    assert code_of(raw(side.url, "GET", POSITIONS, QUERY)) == 10002
    told = int(side.session.get_server_time()["result"]["timeNano"]) // 1_000_000
    assert abs(told - wall_now() - milliseconds) < 5_000
    control(side.url, "DELETE")
    assert code_of(raw(side.url, "GET", POSITIONS, QUERY)) == 0


def test_any_code_can_be_the_answer_to_chosen_requests(side: PrivateSide) -> None:
    inject(side.url, "refused", path=CREATE, code=10016, message="busy", accepted=True,
           matching={"orderLinkId": "second"})  # fmt: skip
    side.buy(orderLinkId="first")
    with pytest.raises(InvalidRequestError, match="busy"):
        side.buy(orderLinkId="second")
    assert set(links(side)) == {"first", "second"}


def test_a_slow_request_is_judged_when_it_arrives_at_last(side: PrivateSide) -> None:
    inject(side.url, "slow", seconds=0.2)
    assert code_of(raw(side.url, "GET", POSITIONS, QUERY, window="100")) == 10002


def test_an_outage_takes_everything_away_for_an_hour_of_the_market(side: PrivateSide) -> None:
    side.market()
    side.move(50_100.0)
    inject(side.url, "outage", market_minutes=60)
    for _ in range(12):
        with pytest.raises(requests.exceptions.ConnectionError):
            side.session.get_server_time()
        side.move(50_100.0)
    assert side.position()["size"] == "0.01"


def test_an_outage_may_answer_a_status(side: PrivateSide) -> None:
    inject(side.url, "outage", seconds=0.3, status=502)
    with pytest.raises(FailedRequestError) as caught:
        side.session.get_server_time()
    assert caught.value.status_code == 502

    def answers() -> bool:
        address = f"{side.url}/v5/market/time"
        return bool(side.session.client.get(address).status_code == 200)

    wait_until(answers)


def test_a_restart_forgets_the_recently_closed_orders_and_nothing_else(side: PrivateSide) -> None:
    closed = side.buy()
    side.session.cancel_order(category="linear", symbol="BTCUSDT", orderId=closed)
    side.buy(orderLinkId="open")
    assert len(side.open_orders(openOnly=1)) == 1
    inject(side.url, "restart", seconds=0.0)
    assert side.open_orders(openOnly=1) == []
    assert links(side) == ["open"]
    history = side.session.get_order_history(category="linear", symbol="BTCUSDT")["result"]["list"]
    assert [row["orderId"] for row in history] == [closed]


def test_a_script_given_at_the_start_is_in_force_and_counted() -> None:
    script = script_of([{"fault": "server_error", "path": "/v5/market/time", "first": 2}])
    with BackgroundSimulator(ScriptedFeed(1.0), scripted_clock(), faults=script) as simulator:
        with requests.Session() as session:
            session.trust_env = False
            asked = [session.get(f"{simulator.url}/v5/market/time").status_code for _ in range(3)]
        assert asked == [200, 503, 200]
        assert happened(simulator.url) == [1]


def test_a_wrong_fault_is_refused_by_the_control_route(side: PrivateSide) -> None:
    answer = control(side.url, "POST", {"faults": [{"fault": "gremlin"}]})
    assert answer.status_code == 400
    assert "one of" in json.loads(answer.text)["error"]

"""Settings: what is accepted, what is refused, and in which words."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.config import (
    MarketDataSource,
    RunEnvironment,
    Settings,
    StopTrigger,
    TradingMode,
    load_settings,
)
from src.domain.candle import Timeframe
from src.domain.errors import SettingsError

STRONG_KEY = "0123456789abcdef0123456789abcdef"
DEVELOPMENT = {"FLASK_ENV": "development", "SECRET_KEY": STRONG_KEY}
PRODUCTION = {"SECRET_KEY": STRONG_KEY, "MARKET_DATA": "bybit"}
KEYS = {"BYBIT_API_KEY": "key-1", "BYBIT_API_SECRET": "secret-1"}
LIVE = {
    "TRADING_MODE": "live",
    "BYBIT_TESTNET": "false",
    "LIVE_TRADING_CONFIRM": "12345678",
    **KEYS,
}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return str(caught.value)


def test_defaults_trade_on_paper_with_one_percent_risk() -> None:
    settings = load_settings(DEVELOPMENT)
    assert settings.trading_mode is TradingMode.PAPER
    assert settings.market_data is MarketDataSource.AUTO
    assert settings.initial_balance == Decimal("1000.0")
    assert settings.risk_per_trade == Decimal("0.01")
    assert (settings.max_positions, settings.max_leverage) == (3, 10)
    assert settings.symbols == ("BTCUSDT", "ETHUSDT", "SOLUSDT")
    assert settings.entry_timeframe is Timeframe.M5
    assert settings.context_timeframes == (Timeframe.H1, Timeframe.H4, Timeframe.D1)
    assert settings.taker_fee_rate == Decimal("0.00055")
    assert settings.maker_fee_rate == Decimal("0.0002")
    assert settings.slippage_rate == Decimal("0.0001")
    assert settings.stop_trigger is StopTrigger.LAST_PRICE
    assert settings.confluence_threshold == 60.0
    assert settings.strategy_additions == ()
    assert settings.database_url == "sqlite:///data/trading.db"
    assert settings.data_directory == Path("data")
    assert settings.bybit_testnet
    assert settings.smtp_server is None


@pytest.mark.parametrize(
    ("symbols", "pairs", "peers"),
    [
        ("", "", {"BTCUSDT": "ETHUSDT", "ETHUSDT": "BTCUSDT", "SOLUSDT": "BTCUSDT"}),
        ("ETHUSDT,SOLUSDT", "auto", {}),
        ("BTCUSDT,ETHUSDT", "ETHUSDT:BTCUSDT", {"ETHUSDT": "BTCUSDT"}),
        ("BTCUSDT,ETHUSDT", "none", {}),
    ],
)
def test_symbols_are_compared_in_the_pairs_given_or_with_bitcoin(
    symbols: str, pairs: str, peers: dict[str, str]
) -> None:
    settings = load_settings({**DEVELOPMENT, "SYMBOLS": symbols, "SMT_PAIRS": pairs})
    assert settings.smt_peers == peers


def test_a_pair_of_symbols_that_are_not_watched_is_refused() -> None:
    assert "SMT_PAIRS names XRPUSDT" in refusal({**DEVELOPMENT, "SMT_PAIRS": "BTCUSDT:XRPUSDT"})


def test_an_unset_environment_counts_as_production() -> None:
    assert load_settings(PRODUCTION).flask_env is RunEnvironment.PRODUCTION


def test_an_empty_value_counts_as_not_set() -> None:
    assert load_settings({**DEVELOPMENT, "MAX_POSITIONS": " ", "SYMBOLS": ""}) == load_settings(
        DEVELOPMENT
    )


def test_placeholders_count_as_not_set_and_the_log_says_so() -> None:
    settings = load_settings({**DEVELOPMENT, "SMTP_USER": "your-email@gmail.com"})
    assert settings.smtp_user is None
    assert settings.notices == ("Still the example's placeholder, so not set: SMTP_USER.",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLASK_ENV", "staging"),
        ("TRADING_MODE", "Paper"),
        ("MARKET_DATA", "binance"),
        ("STOP_TRIGGER", "IndexPrice"),
        ("BYBIT_TESTNET", "maybe"),
        ("INITIAL_BALANCE", "0"),
        ("INITIAL_BALANCE", "a lot"),
        ("INITIAL_BALANCE", "Infinity"),
        ("RISK_PER_TRADE", "0"),
        ("RISK_PER_TRADE", "0.11"),
        ("RISK_PER_TRADE", "nan"),
        ("MAX_POSITIONS", "0"),
        ("MAX_POSITIONS", "51"),
        ("MAX_POSITIONS", "2.5"),
        ("MAX_LEVERAGE", "101"),
        ("SMTP_PORT", "70000"),
        ("SYMBOLS", "btcusdt"),
        ("SYMBOLS", "BTCUSDT,BTCUSDT"),
        ("SYMBOLS", ","),
        ("ENTRY_TIMEFRAME", "7m"),
        ("ENTRY_TIMEFRAME", "5m,15m"),
        ("CONTEXT_TIMEFRAMES", "1h,never"),
        ("CONTEXT_TIMEFRAMES", "1h,1h"),
        ("SMT_PAIRS", "BTCUSDT"),
        ("SMT_PAIRS", "BTCUSDT:BTCUSDT"),
        ("SMT_PAIRS", "BTCUSDT:ETHUSDT,BTCUSDT:SOLUSDT"),
        ("SMT_PAIRS", "BTCUSDT:ETHUSDT:SOLUSDT"),
        ("CONFLUENCE_THRESHOLD", "101"),
        ("TAKER_FEE_RATE", "0.02"),
        ("MAKER_FEE_RATE", "-1"),
        ("SLIPPAGE_BPS", "-1"),
        ("SIMULATOR_URL", "https://api.example.com"),
        ("SIMULATOR_URL", "http://127.0.0.1:port"),
        ("CORS_ORIGINS", "localhost"),
        ("LIVE_TRADING_CONFIRM", "yes"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_given_and_what_to_write(
    name: str, value: str
) -> None:
    message = refusal({**DEVELOPMENT, name: value})
    assert message.startswith(f"{name} is {value!r}: write ")
    assert message.endswith(".")


def test_every_wrong_variable_gets_its_own_sentence() -> None:
    lines = refusal({**DEVELOPMENT, "MAX_POSITIONS": "0", "SYMBOLS": "x"}).splitlines()
    assert [line.split()[0] for line in lines] == ["MAX_POSITIONS", "SYMBOLS"]


@pytest.mark.parametrize(
    ("entry", "context"), [("1m", "1h,4h,1d"), ("1h", "1h,4h,1d"), ("2h", "4h,1d"), ("6h", "1d")]
)
def test_context_candles_are_those_the_strategy_reads_beside_the_entry_candles(
    entry: str, context: str
) -> None:
    environ = {**DEVELOPMENT, "ENTRY_TIMEFRAME": entry}
    load_settings({**environ, "CONTEXT_TIMEFRAMES": context})
    message = refusal({**environ, "CONTEXT_TIMEFRAMES": "12h"})
    assert message.startswith("CONTEXT_TIMEFRAMES is '12h'")
    assert message.endswith(f"write CONTEXT_TIMEFRAMES={context}.")


@pytest.mark.parametrize("url", ["postgresql://owner:hunter2@host/db", "sqlite://", "hunter2"])
def test_an_unsupported_database_is_refused_without_showing_its_password(url: str) -> None:
    message = refusal({**DEVELOPMENT, "DATABASE_URL": url})
    assert message.startswith("DATABASE_URL is not usable: write sqlite:///")
    assert "hunter2" not in message


@given(st.dictionaries(st.sampled_from(["MAX_POSITIONS", "SYMBOLS", "INITIAL_BALANCE"]), st.text()))
def test_any_text_gives_settings_or_a_settings_error(environ: dict[str, str]) -> None:
    try:
        settings = load_settings({**DEVELOPMENT, **environ})
    except SettingsError:
        return
    assert settings.max_positions >= 1
    assert settings.symbols
    assert settings.initial_balance > 0


class TestSecretKey:
    def test_is_needed_everywhere(self) -> None:
        assert refusal({"FLASK_ENV": "development"}).startswith("SECRET_KEY is not set")

    def test_the_placeholder_is_refused_in_production(self) -> None:
        message = refusal({**PRODUCTION, "SECRET_KEY": "your-secure-random-key-here"})
        assert message.startswith(
            "SECRET_KEY is still the example's placeholder: write SECRET_KEY="
        )

    def test_a_short_one_is_refused_in_production_without_being_shown(self) -> None:
        message = refusal({**PRODUCTION, "SECRET_KEY": "hunter2"})
        assert message.startswith("SECRET_KEY has only 7 characters: write SECRET_KEY=")
        assert "hunter2" not in message

    def test_a_short_one_is_allowed_on_ones_own_machine(self) -> None:
        assert load_settings({**DEVELOPMENT, "SECRET_KEY": "short"}).secret_key == "short"


class TestProduction:
    def test_refuses_to_choose_the_market_by_itself(self) -> None:
        message = refusal({"SECRET_KEY": STRONG_KEY})
        assert message.startswith("MARKET_DATA is 'auto'")
        assert "MARKET_DATA=bybit" in message

    def test_refuses_every_origin(self) -> None:
        assert refusal({**PRODUCTION, "CORS_ORIGINS": "*"}).startswith("CORS_ORIGINS is '*'")

    def test_refuses_the_debugger(self) -> None:
        assert refusal({**PRODUCTION, "FLASK_DEBUG": "1"}).startswith("FLASK_DEBUG is on")

    def test_names_all_lines_to_change_at_once(self) -> None:
        message = refusal({"SECRET_KEY": "x", "CORS_ORIGINS": "*"})
        assert [line.split()[0] for line in message.splitlines()] == [
            "SECRET_KEY",
            "MARKET_DATA",
            "CORS_ORIGINS",
        ]

    def test_development_allows_all_three(self) -> None:
        load_settings({**DEVELOPMENT, "CORS_ORIGINS": "*", "FLASK_DEBUG": "1"})


class TestModes:
    def test_testnet_needs_its_guard(self) -> None:
        environ = {**DEVELOPMENT, **KEYS, "TRADING_MODE": "testnet"}
        load_settings(environ)
        message = refusal({**environ, "BYBIT_TESTNET": "false"})
        assert message.startswith("BYBIT_TESTNET is false: TRADING_MODE=testnet needs")

    def test_live_needs_its_guard_off(self) -> None:
        load_settings({**DEVELOPMENT, **LIVE})
        message = refusal({**DEVELOPMENT, **LIVE, "BYBIT_TESTNET": "true"})
        assert message.startswith("BYBIT_TESTNET is true: TRADING_MODE=live needs")

    def test_live_needs_the_second_switch(self) -> None:
        message = refusal({**DEVELOPMENT, **LIVE, "LIVE_TRADING_CONFIRM": ""})
        assert message.startswith("LIVE_TRADING_CONFIRM is not set")
        assert "LIVE_TRADING_CONFIRM=12345678" in message

    @pytest.mark.parametrize("mode", ["demo", "testnet"])
    def test_a_broker_at_bybit_needs_a_key_and_its_secret(self, mode: str) -> None:
        lines = refusal({**DEVELOPMENT, "TRADING_MODE": mode}).splitlines()
        assert [line.split()[0] for line in lines] == ["BYBIT_API_KEY", "BYBIT_API_SECRET"]

    def test_no_key_is_needed_on_the_simulated_market(self) -> None:
        environ = {**DEVELOPMENT, "TRADING_MODE": "demo", "MARKET_DATA": "simulator"}
        assert load_settings(environ).bybit_api_key is None

    @pytest.mark.parametrize("mode", ["paper", "demo"])
    def test_paper_and_demo_ignore_the_testnet_guard_and_say_so(self, mode: str) -> None:
        environ = {**DEVELOPMENT, **KEYS, "TRADING_MODE": mode, "BYBIT_TESTNET": "true"}
        notices = load_settings(environ).notices
        assert any(notice.startswith("BYBIT_TESTNET is ignored") for notice in notices)

    def test_the_second_switch_names_an_account(self) -> None:
        message = refusal({**DEVELOPMENT, **LIVE, "LIVE_TRADING_CONFIRM": "yes"})
        assert message.startswith("LIVE_TRADING_CONFIRM is 'yes': write the uid")


class TestEnvironmentWord:
    def test_is_simulator_on_the_simulated_market(self) -> None:
        assert load_settings(DEVELOPMENT).environment_word("simulator") == "simulator"

    def test_keeps_an_account_at_the_simulated_exchange_apart_from_paper(self) -> None:
        demo = {**DEVELOPMENT, "TRADING_MODE": "demo", "MARKET_DATA": "simulator"}
        assert load_settings(demo).environment_word("simulator") == "simulator_demo"

    def test_is_the_mode_on_bybit(self) -> None:
        assert load_settings(DEVELOPMENT).environment_word("bybit") == "paper"
        assert load_settings({**DEVELOPMENT, **LIVE}).environment_word("bybit") == "live"

    def test_needs_a_settled_market(self) -> None:
        with pytest.raises(ValueError, match="settled"):
            load_settings(DEVELOPMENT).environment_word(MarketDataSource.AUTO)


def test_no_secret_shows_in_the_representation() -> None:
    secrets = {
        "SECRET_KEY": "canary-session-key",
        "SMTP_PASSWORD": "canary-mail",
        "TWILIO_AUTH_TOKEN": "canary-sms",
        "BYBIT_API_KEY": "canary-key",
        "BYBIT_API_SECRET": "canary-secret",
    }
    settings = load_settings({**DEVELOPMENT, **secrets})
    assert isinstance(settings, Settings)
    assert settings.bybit_api_secret == "canary-secret"
    assert "canary" not in repr(settings)

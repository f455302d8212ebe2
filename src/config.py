"""Settings: read once at start, complete and checked, or the start stops with a sentence.

`load_settings` is pure: it reads a mapping and nothing else. An empty value counts as not set.
The composition root, the command line and the migration environment import this module;
everybody else receives values. Every variable is explained in `.env.example`.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from src import setting_values as values
from src.domain.candle import SYMBOL_PATTERN, Timeframe
from src.domain.errors import SettingsError
from src.setting_values import Setting

MIN_SECRET_KEY_LENGTH = 32
STRATEGY_CONTEXT = (Timeframe.H1, Timeframe.H4, Timeframe.D1)
"""The longer candles that the strategy builds from the entry candles."""


class RunEnvironment(enum.StrEnum):
    """How careful the start is: production refuses whatever is only safe on one's own machine."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class TradingMode(enum.StrEnum):
    """Which broker takes the orders."""

    PAPER = "paper"
    DEMO = "demo"
    TESTNET = "testnet"
    LIVE = "live"


class MarketDataSource(enum.StrEnum):
    """Where prices come from. `AUTO` is settled once, at the first start, and stored."""

    AUTO = "auto"
    BYBIT = "bybit"
    SIMULATOR = "simulator"


class StopTrigger(enum.StrEnum):
    """The price that triggers stops and targets, in Bybit's words."""

    LAST_PRICE = "LastPrice"
    MARK_PRICE = "MarkPrice"


_MONEY = values.number(lambda amount: amount > 0, "above 0")
_RISK = values.number(lambda share: 0 < share <= Decimal("0.1"), "above 0 and at most 0.1")
_FEE = values.number(lambda rate: 0 <= rate <= Decimal("0.01"), "from 0 to 0.01")
_LIMIT_IN_R = values.number(lambda r: 0 <= r <= 100, "from 0 (off) to 100")
_SHARE = values.number(lambda share: 0 <= share <= 1, "from 0 (off) to 1")
_BASIS_POINTS = values.number(lambda points: 0 <= points <= 100, "from 0 to 100")
_SYMBOLS = values.list_of(SYMBOL_PATTERN, "symbols in upper case")
_ORIGINS = values.list_of(r"\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", "addresses without a path")
_FILE = "sqlite:///data/trading.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, typed; a field is named like its variable, in lower case.

    Money and rates are Decimal, `slippage_bps` is in hundredths of a percent of the price,
    `risk_per_trade` a share of equity. A text that is not set is None. `notices` are sentences
    for the log. Secrets, and the URL that may hold one, stay out of `repr`.
    """

    secret_key: Annotated[str, Setting(str)] = field(repr=False)
    flask_env: Annotated[RunEnvironment, Setting(values.choice(RunEnvironment), "production")]
    smtp_server: Annotated[str | None, Setting(values.optional_text)]
    smtp_port: Annotated[int, Setting(values.whole(1, 65_535), "587")]
    smtp_user: Annotated[str | None, Setting(values.optional_text)]
    smtp_password: Annotated[str | None, Setting(values.optional_text)] = field(repr=False)
    from_email: Annotated[str | None, Setting(values.optional_text)]
    public_url: Annotated[str | None, Setting(values.optional_url)]
    twilio_account_sid: Annotated[str | None, Setting(values.optional_text)]
    twilio_auth_token: Annotated[str | None, Setting(values.optional_text)] = field(repr=False)
    twilio_from_number: Annotated[str | None, Setting(values.optional_text)]
    initial_balance: Annotated[Decimal, Setting(_MONEY, "1000.0")]
    risk_per_trade: Annotated[Decimal, Setting(_RISK, "0.01")]
    max_positions: Annotated[int, Setting(values.whole(1, 50), "3")]
    max_leverage: Annotated[int, Setting(values.whole(1, 100), "10")]
    daily_loss_limit_r: Annotated[Decimal, Setting(_LIMIT_IN_R, "3")]
    weekly_loss_limit_r: Annotated[Decimal, Setting(_LIMIT_IN_R, "6")]
    losing_streak: Annotated[int, Setting(values.whole(0, 20), "3")]
    cooldown_minutes: Annotated[int, Setting(values.whole(0, 1_440), "60")]
    max_open_risk: Annotated[Decimal, Setting(_SHARE, "0.05")]
    max_entry_distance: Annotated[Decimal, Setting(_SHARE, "0.05")]
    max_spread_bps: Annotated[Decimal, Setting(_BASIS_POINTS, "10")]
    bybit_api_key: Annotated[str | None, Setting(values.optional_text)] = field(repr=False)
    bybit_api_secret: Annotated[str | None, Setting(values.optional_text)] = field(repr=False)
    bybit_testnet: Annotated[bool, Setting(values.flag, "true")]
    trading_mode: Annotated[TradingMode, Setting(values.choice(TradingMode), "paper")]
    live_trading_confirm: Annotated[str | None, Setting(values.account_uid)]
    market_data: Annotated[MarketDataSource, Setting(values.choice(MarketDataSource), "auto")]
    simulator_url: Annotated[str, Setting(values.loopback_url, "http://127.0.0.1:8899")]
    symbols: Annotated[tuple[str, ...], Setting(_SYMBOLS, "BTCUSDT,ETHUSDT,SOLUSDT")]
    entry_timeframe: Annotated[Timeframe, Setting(values.timeframe, "5m")]
    context_timeframes: Annotated[tuple[Timeframe, ...], Setting(values.timeframes, "1h,4h,1d")]
    smt_pairs: Annotated[tuple[tuple[str, str], ...] | None, Setting(values.smt_pairs, "auto")]
    strategy_additions: Annotated[tuple[str, ...], Setting(values.names, "none")]
    confluence_threshold: Annotated[float, Setting(values.score, "60")]
    taker_fee_rate: Annotated[Decimal, Setting(_FEE, "0.00055")]
    maker_fee_rate: Annotated[Decimal, Setting(_FEE, "0.0002")]
    slippage_bps: Annotated[Decimal, Setting(_BASIS_POINTS, "1")]
    stop_trigger: Annotated[StopTrigger, Setting(values.choice(StopTrigger), "LastPrice")]
    database_url: Annotated[str, Setting(values.database_url, _FILE)] = field(repr=False)
    backtest_processes: Annotated[int, Setting(values.whole(1, 8), "1")]
    backtest_memory_mb: Annotated[int, Setting(values.whole(64, 1_048_576), "2048")]
    cors_origins: Annotated[tuple[str, ...], Setting(_ORIGINS, "http://localhost:3000")]
    data_directory: Annotated[Path, Setting(Path, "data")]
    log_directory: Annotated[Path, Setting(Path, "logs")]
    notices: tuple[str, ...] = ()

    @property
    def production(self) -> bool:
        """Whether this is a production start."""
        return self.flask_env is RunEnvironment.PRODUCTION

    @property
    def smt_peers(self) -> Mapping[str, str]:
        """By symbol, the one it is compared with for SMT; without pairs of one's own BTC is
        compared with ETH and every other symbol with BTC, as far as they are watched."""
        pairs = self.smt_pairs
        if pairs is None:
            pairs = tuple(
                (symbol, "ETHUSDT" if symbol == "BTCUSDT" else "BTCUSDT") for symbol in self.symbols
            )
        return {symbol: peer for symbol, peer in pairs if peer in self.symbols}

    @property
    def slippage_rate(self) -> Decimal:
        """Slippage as a share of the price."""
        return self.slippage_bps / 10_000

    @property
    def confirmed_uid(self) -> str | None:
        """The account that alone may be traded; None where any may be, as no real money is at
        stake."""
        return self.live_trading_confirm if self.trading_mode is TradingMode.LIVE else None

    def environment_word(self, market: str) -> str:
        """The word stored with every row, once `market` is settled (`bybit` or `simulator`)."""
        if market == MarketDataSource.SIMULATOR:
            # An account at the simulated exchange is not the one that trades on paper there.
            paper = self.trading_mode is TradingMode.PAPER
            return "simulator" if paper else f"simulator_{self.trading_mode}"
        if market == MarketDataSource.BYBIT:
            return self.trading_mode.value
        raise ValueError(f"the market must be settled as bybit or simulator, got {market!r}")


def _setting_of_each_variable() -> dict[str, Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    return {
        name.upper(): note
        for name, hint in hints.items()
        for note in getattr(hint, "__metadata__", ())
    }


VARIABLES = _setting_of_each_variable()
"""Every variable by name, in the order of the fields."""
_SECRETS = {item.name.upper() for item in fields(Settings) if not item.repr}


def load_settings(environ: Mapping[str, str], *, serves: bool = True) -> Settings:
    """The settings in `environ`.

    What production refuses is unsafe to serve and trade with; with `serves=False` it is not asked.
    Raises SettingsError with one sentence for each wrong variable: its name, what was given
    (never a secret) and what to write.
    """
    parsed: dict[str, Any] = {}
    problems: list[str] = []
    for name, setting in VARIABLES.items():
        try:
            parsed[name.lower()] = _parse(name, setting, environ)
        except SettingsError as error:
            problems.append(str(error))
    if not problems:
        settings = Settings(**parsed, notices=tuple(_notices(environ, parsed)))
        problems = [*_key_problems(settings)]
        problems += _production_problems(settings, environ) if serves else []
        problems += [*_mode_problems(settings), *_timeframe_problems(settings)]
        problems += _pair_problems(settings)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _parse(name: str, setting: Setting, environ: Mapping[str, str]) -> object:
    given = environ.get(name, "").strip()
    try:
        return setting.parse(given or setting.default)
    except ValueError as error:
        shown = "not usable" if name in _SECRETS else repr(given)
        example = f", for example {name}={setting.default}" if setting.default else ""
        raise SettingsError(f"{name} is {shown}: write {error}{example}.") from None


def _notices(environ: Mapping[str, str], parsed: Mapping[str, Any]) -> list[str]:
    mode = parsed["trading_mode"]
    sentences = []
    if environ.get("BYBIT_TESTNET") and mode in {TradingMode.PAPER, TradingMode.DEMO}:
        sentences.append(
            f"BYBIT_TESTNET is ignored: it only guards the testnet and live modes, and this is "
            f"TRADING_MODE={mode}."
        )
    unset = [name for name in VARIABLES if environ.get(name, "").strip() in values.PLACEHOLDERS]
    if unset:
        sentences.append(f"Still the example's placeholder, so not set: {', '.join(unset)}.")
    return sentences


def _key_problems(settings: Settings) -> list[str]:
    key = settings.secret_key
    how = f"write SECRET_KEY= and at least {MIN_SECRET_KEY_LENGTH} random characters in .env"
    if not key:
        return [f"SECRET_KEY is not set: {how} (./start_dev.sh does it for you)."]
    if settings.production and key in values.PLACEHOLDERS:
        return [f"SECRET_KEY is still the example's placeholder: {how}."]
    if settings.production and len(key) < MIN_SECRET_KEY_LENGTH:
        return [f"SECRET_KEY has only {len(key)} characters: {how}."]
    return []


def _production_problems(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    if not settings.production:
        return []
    problems = []
    if settings.market_data is MarketDataSource.AUTO:
        problems.append(
            "MARKET_DATA is 'auto', which production refuses, because a simulated market must "
            "never replace the real one unnoticed: write MARKET_DATA=bybit or "
            "MARKET_DATA=simulator in .env."
        )
    if "*" in settings.cors_origins:
        problems.append(
            "CORS_ORIGINS is '*', which production refuses: write the address of your dashboard, "
            "for example CORS_ORIGINS=https://trading.example.com, in .env."
        )
    if environ.get("FLASK_DEBUG", "").strip().lower() not in {"", "0", "false", "no"}:
        problems.append("FLASK_DEBUG is on, which production refuses: remove FLASK_DEBUG.")
    return problems


def _mode_problems(settings: Settings) -> list[str]:
    mode, problems = settings.trading_mode, []
    if mode is TradingMode.TESTNET and not settings.bybit_testnet:
        problems.append("BYBIT_TESTNET is false: TRADING_MODE=testnet needs BYBIT_TESTNET=true.")
    if mode is TradingMode.LIVE and settings.bybit_testnet:
        problems.append("BYBIT_TESTNET is true: TRADING_MODE=live needs BYBIT_TESTNET=false.")
    if mode is TradingMode.LIVE and not settings.live_trading_confirm:
        problems.append(
            "LIVE_TRADING_CONFIRM is not set: TRADING_MODE=live can lose real money; write the uid "
            "of the account to accept that, for example LIVE_TRADING_CONFIRM=12345678 "
            "(`flask bybit check` shows it)."
        )
    if mode is not TradingMode.PAPER and settings.market_data is not MarketDataSource.SIMULATOR:
        keys = {
            "BYBIT_API_KEY": settings.bybit_api_key,
            "BYBIT_API_SECRET": settings.bybit_api_secret,
        }
        problems += [
            f"{name} is not set: TRADING_MODE={mode} needs a Bybit key for that environment "
            f"in {name}=, or MARKET_DATA=simulator."
            for name, value in keys.items()
            if value is None
        ]
    return problems


def _timeframe_problems(settings: Settings) -> list[str]:
    entry = settings.entry_timeframe
    read = tuple(
        context
        for context in STRATEGY_CONTEXT
        if context.milliseconds >= entry.milliseconds
        and context.milliseconds % entry.milliseconds == 0
    )
    if settings.context_timeframes == read:
        return []
    given, expected = (
        ",".join(timeframe.value for timeframe in timeframes)
        for timeframes in (settings.context_timeframes, read)
    )
    return [
        f"CONTEXT_TIMEFRAMES is '{given}': beside {entry.value} candles the strategy reads "
        f"{expected}, and other lengths are not built yet: write CONTEXT_TIMEFRAMES={expected}."
    ]


def _pair_problems(settings: Settings) -> list[str]:
    pairs = settings.smt_pairs or ()
    strange = sorted({name for pair in pairs for name in pair if name not in settings.symbols})
    if not strange:
        return []
    return [
        f"SMT_PAIRS names {', '.join(strange)}, which SYMBOLS does not: only symbols that are "
        "watched can be compared; write SMT_PAIRS=auto, none or pairs out of "
        f"{','.join(settings.symbols)}."
    ]

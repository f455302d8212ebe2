"""What the web face is given. It reads no settings and no environment itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.notifications.channels import Channel
from services.notifications.secret_box import SecretBox
from src.database import Database
from src.domain.ports import Clock


@dataclass(frozen=True, slots=True)
class WebFacts:
    """Which system this is; shown beside every number.

    `environment` is the word stored with every row, `mode` the trading mode, `market_data`
    `bybit` or `simulator`.
    """

    version: str
    environment: str
    mode: str
    market_data: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class NotificationGear:
    """What notifications need: the ways to send, what seals addresses, the key browsers subscribe
    with, and the address of this system in links (None: no links)."""

    channels: tuple[Channel, ...]
    box: SecretBox
    push_key: str
    public_url: str | None


@dataclass(frozen=True, slots=True)
class WebDependencies:
    """Values and repositories for one web process.

    `cors_origins` are exact origins that may call from another host (`*` allows all, for
    development). `frontend_directory` holds the built dashboard. `max_sockets` is how many
    WebSockets the process may hold: its threads less a reserve for REST. `password_cost` is
    bcrypt's work factor. `backtest_defaults` is a complete request of a backtest as
    the API shows it.
    """

    secret_key: str
    facts: WebFacts
    database: Database
    clock: Clock
    initial_balance: Decimal
    cors_origins: tuple[str, ...]
    frontend_directory: Path
    notifications: NotificationGear
    backtest_defaults: Mapping[str, Any]
    max_sockets: int = 224
    max_sockets_per_user: int = 32
    password_cost: int = 12
    relay_interval: float = 0.02

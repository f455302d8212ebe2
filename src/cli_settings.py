"""How commands come by the settings of this installation."""

import os
from pathlib import Path

import click
from dotenv import load_dotenv

from src.config import Settings, load_settings
from src.domain.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


def read_settings(*, serves: bool = False) -> Settings:
    """Settings from the environment and `.env` (the environment wins); exits with the sentence.

    `serves` is for commands that prepare a server; all others also run beside one that
    `./start_dev.sh` started, whose `.env` says production.
    """
    load_dotenv(ROOT / ".env")
    try:
        return load_settings(os.environ, serves=serves)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None

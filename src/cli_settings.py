"""How commands come by the settings of this installation."""

import os
from pathlib import Path

import click
from dotenv import load_dotenv

from src.config import Settings, load_settings, require_supported_mode
from src.domain.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


def read_settings() -> Settings:
    """Settings from the environment and `.env` (the environment wins); exits with the sentence."""
    load_dotenv(ROOT / ".env")
    try:
        settings = load_settings(os.environ)
        require_supported_mode(settings)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    return settings

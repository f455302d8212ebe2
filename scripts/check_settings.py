"""Check the settings of this folder's `.env` and of the environment, which wins.

Exits with 0 and one line, or with 1 and one sentence for each line to change.
Use: .venv/bin/python -m scripts.check_settings
"""

import os
import sys
from pathlib import Path

from dotenv import dotenv_values

from src.config import load_settings
from src.domain.errors import SettingsError


def main() -> int:
    """Check and say the result; the answer is the exit status."""
    in_file = {name: value or "" for name, value in dotenv_values(Path(".env")).items()}
    try:
        settings = load_settings({**in_file, **os.environ})
    except SettingsError as error:
        sys.stderr.write(f"Cannot start with these settings:\n{error}\n")
        return 1
    sys.stdout.write(f"The settings are complete ({settings.flask_env}).\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The product's commands, run in this process: a start of Python for each would cost a second."""

import os
from collections.abc import Mapping
from unittest.mock import patch

from click.testing import Result

from src.cli import create_cli_app


def flask(environment: Mapping[str, str], *words: str, typed: str = "") -> Result:
    """What `flask WORDS` prints and its exit code; an error that is no sentence is raised."""
    with patch.dict(os.environ):
        return (
            create_cli_app()
            .test_cli_runner()
            .invoke(args=words, env=environment, input=typed, catch_exceptions=False)
        )

"""Give a folder its `.env`: made from `.env.example` if missing, with a SECRET_KEY of its own.

Only an empty or placeholder SECRET_KEY is replaced; every other line stays as it is. The file
is readable by its owner only. Standard library only, because it runs before the packages exist.
Use: python scripts/make_env.py FOLDER
"""

import os
import re
import secrets
import sys
from pathlib import Path

PLACEHOLDER = re.compile(r"^SECRET_KEY=(your-secure-random-key-here)?[ \t]*$", re.MULTILINE)


def make_env(folder: Path) -> str | None:
    """Create or complete `folder/.env`. Returns what was done, or None when nothing was."""
    env, example = folder / ".env", folder / ".env.example"
    exists = env.exists()
    text = (env if exists else example).read_text(encoding="utf-8")
    completed = PLACEHOLDER.sub(lambda _: f"SECRET_KEY={secrets.token_hex(32)}", text, count=1)
    if exists and completed == text:
        return None
    unfinished = folder / ".env.new"
    with open(
        unfinished, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)
    ) as file:
        file.write(completed)
    unfinished.replace(env)
    return "gave .env a random SECRET_KEY" if exists else "made .env with a random SECRET_KEY"


if __name__ == "__main__":
    done = make_env(Path(sys.argv[1]))
    if done:
        sys.stdout.write(f"{done[0].upper()}{done[1:]}\n")

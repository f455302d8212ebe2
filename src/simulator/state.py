"""What a simulated market remembers between runs: seed, origin and anchor."""

import json
import os
from pathlib import Path

from src.domain.errors import InvalidInput

STATE_FILE = "simulator.json"


class StoredState:
    """Seed, source, origin (wall time of the very first start) and anchor, kept in a file.

    Times are UTC ms. Without a file (None) nothing is kept: for tests and lock-step.
    """

    def __init__(self, seed: int, source: str, origin: int, file: Path | None = None) -> None:
        self.seed = seed
        self.source = source
        self.origin = origin
        self.anchor: int | None = None
        self._file = file

    @classmethod
    def load(cls, directory: Path, seed: int | None, source: str, now: int) -> "StoredState":
        """The stored market of `directory`, or a new one that starts now.

        Raises InvalidInput when the directory holds a market of another seed or source.
        """
        file = directory / STATE_FILE
        if not file.exists():
            state = cls(DEFAULT_SEED if seed is None else seed, source, now, file)
            state._write()
            return state
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            state = cls(int(stored["seed"]), str(stored["source"]), int(stored["origin"]), file)
            state.anchor = None if stored["anchor"] is None else int(stored["anchor"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"{file} is damaged ({error}); delete it.") from error
        if (seed is not None and seed != state.seed) or source != state.source:
            raise InvalidInput(
                f"{file} belongs to another simulated market (seed {state.seed}, {state.source}); "
                "delete it together with the simulator's trades, or use another data directory."
            )
        return state

    def set_anchor(self, time: int) -> None:
        """Store the anchor before it is used."""
        self.anchor = time
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".tmp")
        content = {
            "seed": self.seed,
            "source": self.source,
            "origin": self.origin,
            "anchor": self.anchor,
        }
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)


DEFAULT_SEED = 7

"""`python -m bench.crash`: see `bench.crash.command`."""

from bench.crash.command import crash

if __name__ == "__main__":
    crash()

"""Ports for servers that are started here and told where to listen."""

import errno
import secrets
import socket

_BELOW_THE_EPHEMERAL = range(20_000, 32_000)


def free_port() -> int:
    """A TCP port of this machine where nobody listens right now, nor soon by chance.

    The system hands the ephemeral ports (32768 and above on Linux) to any connection, which may
    be one made between this answer and the server's start, or while a server is down.
    """
    while True:
        port = secrets.choice(_BELOW_THE_EPHEMERAL)  # not `random`, which tests seed alike
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
        return port

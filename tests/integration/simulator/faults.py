"""Faults as tests put them in force: over the control route of a running simulator."""

import requests


def control(url: str, method: str, content: object = None) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, f"{url}/simulator/faults", json=content, timeout=30)


def inject(url: str, fault: str, **details: object) -> None:
    """Put one fault in force."""
    answer = control(url, "POST", {"faults": [{"fault": fault, **details}]})
    assert answer.status_code == 200, answer.text


def happened(url: str) -> list[int]:
    """How often each fault has happened so far."""
    return [row["happened"] for row in control(url, "GET").json()]

"""What `make soak` calls a leak."""

from bench.soak import Usage, leaks, table


def used(*resident: float, sockets: int = 5) -> list[Usage]:
    return [
        Usage(float(hour), size, 9, sockets + (hour if sockets > 5 else 0), 20, hour)
        for hour, size in enumerate(resident)
    ]


def test_what_grows_at_the_beginning_and_then_stays_is_no_leak() -> None:
    assert leaks(used(100, 140, 150, 151, 150, 152, 151, 150, 151)) == []


def test_memory_that_goes_on_growing_is_a_leak() -> None:
    [sentence] = leaks(used(100, 140, 150, 160, 170, 180, 190, 200, 210))
    assert sentence.startswith("Memory grew from")


def test_one_more_socket_every_hour_is_a_leak() -> None:
    [sentence] = leaks(used(*[100.0] * 9, sockets=6))
    assert "sockets" in sentence


def test_the_table_shows_the_start_the_middle_and_the_end() -> None:
    hours = [line.split("|")[1].strip() for line in table(used(*[100.0] * 17))[2:]]
    assert hours == ["0", "2", "4", "6", "8", "10", "12", "14", "16"]

"""Waits for conditions: no test sleeps and hopes."""

import time

_PAUSE = 0.02  # between two looks


class NotYet(Exception):
    """A look that failed for now: what it saw."""


def wait_until(what, condition, within):
    """Looks until `condition()` is true, and returns the seconds that took.

    A condition that raises NotYet or OSError isn't true yet. Past `within` seconds it is a failure
    that says what was last seen.
    """
    start = time.monotonic()
    while True:
        try:
            last = condition()
            if last:
                return time.monotonic() - start
        except (NotYet, OSError) as failure:
            last = failure
        if time.monotonic() - start > within:
            raise AssertionError(f"{what}: not within {within} s; last: {last!r}")
        time.sleep(_PAUSE)


def keeps(what, condition, seconds):
    """Looks for so many seconds: `condition()` must be true at each look."""
    start = time.monotonic()
    looks = 0
    while time.monotonic() - start < seconds:
        if not (last := condition()):
            after = time.monotonic() - start
            raise AssertionError(f"{what}: no longer after {after:.2f} s; last: {last!r}")
        looks += 1
        time.sleep(_PAUSE)
    return looks

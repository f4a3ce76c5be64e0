"""Opens sockets inside another network namespace.

A socket stays in the namespace in which it was made, so a thread steps in only for that moment. This
spares a helper process for each request. (`os.setns` came with Python 3.12; Debian 12 has 3.11.)
"""

import contextlib
import ctypes
import os

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _enter(descriptor, what):
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), f"setns {what}")


@contextlib.contextmanager
def inside(namespace):
    """What this thread opens in this block belongs to `namespace`."""
    outside = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(f"/run/netns/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(there, namespace)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _enter(outside, "back")
    finally:
        os.close(outside)

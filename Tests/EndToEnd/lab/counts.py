"""What members counted, from their own metrics."""

from .metrics import samples
from .waiting import NotYet


def counted(pod, name, **labels):
    """One series of a member's metrics; 0 when there is none."""
    reply = pod.rest.request("GET", "/metrics")
    if reply.status != 200:
        raise NotYet(f"GET /metrics answered {reply.status}")
    text = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return samples(reply.body.decode()).get(f"{name}{{{text}}}" if text else name, 0)


def rejected(pod, *reasons):
    """How many packets a member dropped for these reasons."""
    return sum(counted(pod, "cluster_packets_rejected_total", reason=reason) for reason in reasons)


def resident(pod):
    """A member's memory, in bytes."""
    with open(f"/proc/{pod.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096

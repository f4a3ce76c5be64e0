"""Reads Prometheus text, as far as these tests need it."""

import re
import subprocess

# The names of the original, which dashboards and alerts already know.
GAUGES = ["cluster_expected_size", "cluster_size", "cluster_green", "cluster_leader",
          "cluster_store_ready", "cluster_store_size", "cluster_store_subscriptions"]
COUNTERS = ["cluster_leader_elections", "cluster_store_partitions", "cluster_store_connections",
            "cluster_store_disconnections"]

_SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$")


def samples(text):
    """{name with labels: value}"""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = _SAMPLE.match(line)
            assert match, f"not a sample: {line!r}"
            name = match[1] + (match[2] or "")
            assert name not in found, f"twice: {name}"
            found[name] = float(match[3])
    return found


def types(text):
    """{name: type}"""
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))


def promtool(text):
    """What `promtool check metrics` has against the text: nothing, or its words."""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                          text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr

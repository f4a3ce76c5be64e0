"""Every expression of the alerts and of the dashboard parses, and asks for what a member exports.

  expressions.py CLUSTER      where CLUSTER is the program: one member is started, and asked

It also sees that each alert's runbook is a heading of deploy/README.md.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parent.parent
ASKED = re.compile(r"\b(?:cluster|process)_[a-z0-9_]+\b|\bup\b")
PATIENCE = 20  # seconds until the member must answer


def main(binary):
    rules = [rule for group in read("prometheus/alerts.yaml")["groups"] for rule in group["rules"]]
    wanted = {f"{rule.get('alert') or rule.get('record')}": rule["expr"] for rule in rules}
    wanted |= {f"panel {name}": expression for name, expression in panels()}
    must_parse(wanted)
    known = exported(binary) | {"up"}
    unknown = {name: missing for name, text in wanted.items()
               if (missing := set(ASKED.findall(text)) - known)}
    must(not unknown, f"asked for, but not exported: {unknown}")
    headings = {slug(line[1:]) for line in (DEPLOY / "README.md").read_text().splitlines()
                if line.startswith("#")}
    for rule in rules:
        if "alert" in rule:
            page, _, anchor = rule["annotations"]["runbook"].partition("#")
            must(page == "deploy/README.md" and anchor in headings and anchor == slug(rule["alert"]),
                 f"{rule['alert']} has no runbook: {page}#{anchor}")
    print(f"{len(wanted)} expressions")


def panels():
    """(title, expression) of everything that the dashboard asks for."""
    board = read("grafana/cluster.json")
    must(len({panel["id"] for panel in board["panels"]}) == len(board["panels"]), "ids are not unique")
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield f"{panel['title']} {target['refId']}", target["expr"]
    for note in board["annotations"]["list"]:
        yield note["name"], note["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            query = variable["query"]["query"]
            series = re.fullmatch(r"label_values\((.*), \w+\)", query)
            must(series, f"variable {variable['name']}: {query}")
            yield f"variable {variable['name']}", series[1]


def must_parse(wanted):
    rules = [{"record": f"expression:{number}", "expr": re.sub(r"\$\w+", ".*", text)}
             for number, text in enumerate(wanted.values())]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}, file)
        file.flush()
        done = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
    names = "\n".join(f"expression:{number} is {name}" for number, name in enumerate(wanted))
    must(done.returncode == 0, f"{done.stdout}{done.stderr}\n{names}")


def exported(binary):
    """The names of a member's metrics, those of histograms with their endings."""
    port, http = free_port(), free_port()
    member = subprocess.Popen(
        [binary, "node", "--name", "a-0", "--peers", f"127.0.0.1:{port}", "--http-port", str(http)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={})
    try:
        text = ask(f"http://127.0.0.1:{http}/metrics", member)
    finally:
        member.send_signal(signal.SIGTERM)
        member.communicate(timeout=20)
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        names |= {name + ending for ending in endings}
    return names


def ask(url, member):
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:
                return reply.read().decode()
        except OSError as failure:
            must(member.poll() is None and time.monotonic() < give_up, f"{url}: {failure}")
            time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def slug(heading):
    """A heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip("# ").lower()).replace(" ", "-")


def read(path):
    with open(DEPLOY / path) as file:
        return yaml.safe_load(file) if path.endswith(".yaml") else json.load(file)


def must(truth, otherwise):
    if not truth:
        sys.exit(otherwise)


main(sys.argv[1])

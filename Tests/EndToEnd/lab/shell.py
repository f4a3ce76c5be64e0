"""Runs the system's tools."""

import subprocess


class CommandFailed(Exception):
    pass


def sh(*command, stdin=None):
    """Runs a command to its end and returns what it printed; a failure shows what it said."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise CommandFailed(f"{' '.join(command)}: exit {done.returncode}: {said}")
    return done.stdout

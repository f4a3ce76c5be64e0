"""bash, zsh and fish complete the command's words by the scripts that it prints."""

import os
import subprocess
import shutil

from lab.case import Skip

# Typed at a prompt of zsh, in a terminal of its own: what is completed stands in the line afterwards.
_ZSH = r"""
zmodload zsh/zpty
zpty -b shell zsh -f -i
typed() { zpty -w -n shell "$1"; }
await() {
  local got chunk
  for _ in {1..200}; do
    while zpty -rt shell chunk; do got+=$chunk; done
    [[ $got == *"$1"* ]] && return 0
    sleep 0.05
  done
  print -r -- "not '$1' but: ${(V)got}"
  exit 1
}
zpty -w shell "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; echo RE''ADY"
await READY
typed $'cluster recover m\t'; await manual
typed $'\x15cluster stat\t'; await 'status'
typed $'--outp\t'; await '--output='
typed $'js\t'; await json
typed $'\x15cluster node --log-level warn\t'; await warning
zpty -d shell
"""


def main(case):
    missing = [name for name in ("bash", "zsh", "fish") if shutil.which(name) is None]
    if missing:
        raise Skip(f"there is no {', no '.join(missing)}: 'Tests/tools network' brings them")
    scripts = {}
    for shell in ("bash", "zsh", "fish"):
        scripts[shell] = subprocess.run([case.binary, "completion", shell], capture_output=True,
                                        text=True, check=True).stdout
        path = os.path.join(case.directory, "_cluster" if shell == "zsh" else f"cluster.{shell}")
        with open(path, "w") as file:
            file.write(scripts[shell])

    asked = ["cluster st", "cluster status --output ", "cluster recover ", "cluster node --log-level wa"]
    fish = {line: run("fish", "--no-config", "-c",
                      f"source {case.directory}/cluster.fish; complete -C '{line}'") for line in asked}
    offered = {line: [word.split("\t")[0] for word in said.splitlines()] for line, said in fish.items()}
    assert offered == {asked[0]: ["status"], asked[1]: ["json", "table"], asked[2]: ["auto", "manual"],
                       asked[3]: ["warning"]}, offered
    case.say("fish offers commands, values of options and of operands")

    bash = run("bash", "--norc", "-c", f"""
        source {case.directory}/cluster.bash
        COMP_WORDS=(cluster status --output ''); COMP_CWORD=3; _cluster; echo "${{COMPREPLY[*]}}"
        complete -p cluster""").splitlines()
    assert bash == ["table json", "complete -F _cluster cluster"], bash
    run("zsh", "-f", "-c", _ZSH, "zsh", case.directory)
    case.say("bash too, and zsh at a real prompt")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb"})
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout

#!/usr/bin/env python3
"""Times portal-lint beside jsonschema-cli, in the same rounds, and writes benches/RESULTS.md.

    .ci/dist
    cargo install jsonschema-cli && apt-get install time
    benches/compare.py target/x86_64-unknown-linux-gnu/release/portal-lint

Machines are shared and noisy: the two take turns, and what counts is the median of the ratios of each round.
"""

import json
import os
import pathlib
import random
import statistics
import string
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLEAN = json.loads((ROOT / "fixtures/clean/create.json").read_text())
SCHEMA = str(ROOT / "schemas/create.schema.json")
FILES = 10_000


def run(command, expect=0):
    """Wall seconds and CPU seconds of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == expect, (command[:4], process.returncode)
    return wall, usage.ru_utime + usage.ru_stime


def peak_memory(command):
    """MB, as GNU time sees it: a child of this process would count what this process has."""
    time_says = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True).stderr
    return int(time_says.split()[-1]) / 1024


def identifier(number):
    """A 20-character id of its own."""
    digits = string.digits + string.ascii_letters
    return "".join(random.Random(number).choices(digits, k=20))


def portal(number):
    """A clean body with a name and a filter of its own."""
    body = json.loads(json.dumps(CLEAN))
    body["name"] = f"Acme Subscription Portal {number}"
    body["customer_filters"]["campaign"] = [identifier(number)]
    return body


def yaml(value, indent=0):
    """Block style YAML; every text in double quotes."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            below = yaml(item, indent + 1)
            lines.append(f"{pad}{key}:\n{below}" if isinstance(item, (dict, list)) and item else f"{pad}{key}: {below}")
        return "\n".join(lines)
    if isinstance(value, list) and value:
        return "\n".join(f"{pad}- {yaml(item, indent + 1)}" for item in value)
    return json.dumps(value, ensure_ascii=False)


def corpus(folder):
    for name in ["json", "yaml"]:
        (folder / name).mkdir()
    for number in range(FILES):
        body = portal(number)
        (folder / f"json/p{number:05}.json").write_text(json.dumps(body, indent=2, ensure_ascii=False))
        (folder / f"yaml/p{number:05}.yaml").write_text(yaml(body) + "\n")
    small = portal(0)
    del small["footer_html"]
    (folder / "small.json").write_text(json.dumps(small, separators=(",", ":"), ensure_ascii=False))
    large = portal(0)
    paragraph = "<p>Your confirmation code is: <strong>{{email_code}}</strong></p>\n"
    large["customer_emails"]["customer_account_confirm_email"]["html"] = paragraph * (5_000_000 // len(paragraph))
    (folder / "large.json").write_text(json.dumps(large, indent=2))


def compare(rounds, ours, theirs):
    """The rounds of both, taken in turns."""
    own, other = [], []
    for _ in range(rounds):
        own.append(run(ours))
        other.append(run(theirs))
    return own, other


def row(name, what, budget, ours, theirs, rounds, memory_budget):
    own, other = compare(rounds, ours, theirs)
    index = {"wall": 0, "CPU": 1}[what]
    ratio = statistics.median(a[index] / b[index] for a, b in zip(own, other))
    middle = [statistics.median(each[index] for each in runs) * 1000 for runs in (own, other)]
    memory = max(peak_memory(ours) for _ in range(5))
    return (
        f"| {name} | {what} | {middle[0]:.1f} ms | {middle[1]:.1f} ms | **{ratio:.2f}** | {budget} | "
        f"{memory:.1f} MB | {memory_budget} | {len(own)} |"
    )


def main():
    ours = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        corpus(folder)
        os.chdir(folder)
        check = [ours, "check", "--fail-on", "advice"]
        validate = ["jsonschema-cli", "validate", SCHEMA, "--errors-only", "-i"]
        many = {kind: sorted(str(path) for path in pathlib.Path(kind).iterdir()) for kind in ("json", "yaml")}
        size = os.path.getsize("small.json") / 1000
        large = os.path.getsize("large.json") / 1e6
        rows = [
            row(f"cold, one file of {size:.1f} KB", "wall", "0.4",
                check + ["small.json"], validate + ["small.json"], 300, "4 MB"),
            row(f"{FILES} JSON files", "CPU", "0.7",
                check + ["json"], validate + many["json"], 15, "12 MB"),
            row(f"{FILES} YAML files", "CPU", "0.5",
                check + ["yaml"], validate + many["yaml"], 15, "12 MB"),
            row(f"one JSON file of {large:.1f} MB", "wall", "0.8",
                check + ["large.json"], validate + ["large.json"], 25, f"{3 * large:.0f} MB"),
        ]
    version = subprocess.run(["jsonschema-cli", "--version"], capture_output=True, text=True).stdout.strip()
    text = f"""# Measured

`benches/compare.py` with the binary of `.ci/dist` ({os.path.getsize(ours) / 1e6:.1f} MB), beside {version},
on {os.cpu_count()} shared cores. Both take turns; the ratio is the median of the ratios of each round, times are medians,
memory is the peak of five runs. All files are clean: `--fail-on advice` would pass.

| what | measure | portal-lint | jsonschema-cli | ratio | at most | peak memory | at most | rounds |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}

portal-lint checks the schema and all rules, jsonschema-cli the schema. What is above "at most" is a budget not met yet.
"""
    (ROOT / "benches/RESULTS.md").write_text(text)
    print(text)


main()

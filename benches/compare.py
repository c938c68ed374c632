#!/usr/bin/env python3
"""Compares the speed of portal-lint with that of jsonschema-cli, and writes benches/RESULTS.md.

    .ci/dist
    cargo install jsonschema-cli && apt-get install time
    benches/compare.py target/x86_64-unknown-linux-gnu/release/portal-lint

The machine may be shared and noisy. So the two programs take turns, and the result is the median of the ratios of all rounds.
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
    """Run a command. Return its wall time and CPU time in seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == expect, (command[:4], process.returncode)
    return wall, usage.ru_utime + usage.ru_stime


def peak_memory(command):
    """Return the peak memory of a command in MB."""
    # GNU time, because a child of this process starts with the memory of this process.
    output = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True).stderr
    return int(output.split()[-1]) / 1024


def identifier(number):
    """Return a unique 20-character id."""
    digits = string.digits + string.ascii_letters
    return "".join(random.Random(number).choices(digits, k=20))


def portal(number):
    """Return a portal without findings. Its name and filter are unique, because equal ones are findings."""
    body = json.loads(json.dumps(CLEAN))
    body["name"] = f"Acme Subscription Portal {number}"
    body["customer_filters"]["campaign"] = [identifier(number)]
    return body


def yaml(value, indent=0):
    """Convert a value to YAML in block style, with all strings in double quotes."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            text = yaml(item, indent + 1)
            is_nested = isinstance(item, (dict, list)) and item
            lines.append(f"{pad}{key}:\n{text}" if is_nested else f"{pad}{key}: {text}")
        return "\n".join(lines)
    if isinstance(value, list) and value:
        return "\n".join(f"{pad}- {yaml(item, indent + 1)}" for item in value)
    return json.dumps(value, ensure_ascii=False)


def write_corpus(folder):
    """Write the files to check: many portals in both formats, a small one and a large one."""
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
    """Run both commands in turns. Return the times of each."""
    our_times, their_times = [], []
    for _ in range(rounds):
        our_times.append(run(ours))
        their_times.append(run(theirs))
    return our_times, their_times


def measure_row(name, measure, ratio_limit, ours, theirs, rounds, memory_limit):
    """Measure one case. Return its row of the table."""
    our_times, their_times = compare(rounds, ours, theirs)
    index = {"wall": 0, "CPU": 1}[measure]
    ratio = statistics.median(our[index] / their[index] for our, their in zip(our_times, their_times))
    our_median, their_median = (
        statistics.median(time[index] for time in times) * 1000 for times in (our_times, their_times)
    )
    memory = max(peak_memory(ours) for _ in range(5))
    return (
        f"| {name} | {measure} | {our_median:.1f} ms | {their_median:.1f} ms | **{ratio:.2f}** | {ratio_limit} | "
        f"{memory:.1f} MB | {memory_limit} | {rounds} |"
    )


def main():
    ours = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder_name:
        folder = pathlib.Path(folder_name)
        write_corpus(folder)
        os.chdir(folder)
        check = [ours, "check", "--fail-on", "advice"]
        validate = ["jsonschema-cli", "validate", SCHEMA, "--errors-only", "-i"]
        all_files = {kind: sorted(str(path) for path in pathlib.Path(kind).iterdir()) for kind in ("json", "yaml")}
        small_kb = os.path.getsize("small.json") / 1000
        large_mb = os.path.getsize("large.json") / 1e6
        rows = [
            measure_row(f"cold, one file of {small_kb:.1f} KB", "wall", "0.4",
                check + ["small.json"], validate + ["small.json"], 300, "4 MB"),
            measure_row(f"{FILES} JSON files", "CPU", "0.7",
                check + ["json"], validate + all_files["json"], 15, "12 MB"),
            measure_row(f"{FILES} YAML files", "CPU", "0.5",
                check + ["yaml"], validate + all_files["yaml"], 15, "12 MB"),
            measure_row(f"one JSON file of {large_mb:.1f} MB", "wall", "0.8",
                check + ["large.json"], validate + ["large.json"], 25, f"{3 * large_mb:.0f} MB"),
        ]
    version = subprocess.run(["jsonschema-cli", "--version"], capture_output=True, text=True).stdout.strip()
    text = f"""# Results

`benches/compare.py` with the binary of `.ci/dist` ({os.path.getsize(ours) / 1e6:.1f} MB) and {version},
on {os.cpu_count()} shared cores. The programs take turns. The ratio is the median of the ratios of all rounds, times are medians,
and memory is the peak of five runs. No file has a finding.

| case | measure | portal-lint | jsonschema-cli | ratio | limit | peak memory | limit | rounds |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}

portal-lint checks the schema and all rules, jsonschema-cli only the schema.
"""
    (ROOT / "benches/RESULTS.md").write_text(text)
    print(text)


main()

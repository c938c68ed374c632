#!/usr/bin/env python3
"""Mutation testing: changes the code in small ways and counts the changes that no test notices.

    tests/mutants.py [SHARD]     SHARD (7/20) is the sample: every 20th change, starting with the seventh

One change takes half a minute on an idle machine, so the script tests a sample, and `.ci/run` does not run it. It needs `cargo install
--locked cargo-mutants`. After an interruption, it continues with the changes that it has not tested. At the end, it writes the score to
docs/quality.md. `for k in $(seq 0 19); do tests/mutants.py $k/20; done` tests all changes.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
START, END = "<!-- mutants -->\n", "<!-- /mutants -->\n"
# The rules come first, because most of the mistakes that users would see are there.
AREAS = ["src/rules", "src/engine", "src/html"]
CAUGHT = {"CaughtMutant", "Timeout"}
# The tests that notice most changes. They take seconds.
QUICK_TESTS = ["rules::", "engine::", "html::", "fixtures::", "pages::", "checklists::", "property::", "front_matter::", "fix_random::", "fix_many::"]


def main():
    shard = sys.argv[1] if len(sys.argv) > 1 else "7/20"
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    results = {}
    for area in AREAS:
        folder = target / "mutants" / shard.replace("/", "-of-") / area.replace("/", "-")
        folder.mkdir(parents=True, exist_ok=True)
        results |= test_sample(area, shard, folder)
    write_score(shard, results)


def test_sample(area, shard, folder):
    """Tests the sample of one folder of the source. Returns the outcome of each change by its name."""
    selection = ["--file", f"{area}/**", "--exclude", "src/rules/table.rs"]
    listed = subprocess.run(["cargo", "mutants", "--list", "--shard", shard, "--sharding", "round-robin", *selection],
                            cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE)
    sample = [line for line in listed.stdout.splitlines() if line]
    results = collect_outcomes(folder)
    run_mutants([name for name in sample if name not in results], selection, folder, QUICK_TESTS)
    results = collect_outcomes(folder)
    # All tests, for the changes that the quick ones miss.
    run_mutants([name for name in sample if results.get(name) == "MissedMutant"], selection, folder, [])
    results = collect_outcomes(folder)
    return {name: results[name] for name in sample}


def run_mutants(names, selection, folder, tests):
    if not names:
        return
    # The first `--` ends the arguments of cargo-mutants, the second one those of `cargo test`.
    command = ["cargo", "mutants", "--output", folder, "--timeout", "600", "--no-shuffle", "--colors", "never", *selection,
               *(f"--re=^{re.escape(name)}$" for name in names),
               "--cargo-test-arg=--lib", "--cargo-test-arg=--test", "--cargo-test-arg=main", "--", "--", *tests]
    status = subprocess.run(command, cwd=ROOT).returncode
    # 0: all were caught. 2: some were not. 3: some made the tests run too long, which counts as caught.
    if status not in (0, 2, 3):
        sys.exit(status)


def collect_outcomes(folder):
    """Returns the outcome of each change in all runs. Saves them, because cargo-mutants keeps only the last two runs."""
    file = folder / "results.json"
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    last_run = folder / "mutants.out" / "outcomes.json"
    for outcome in json.loads(last_run.read_text(encoding="utf-8"))["outcomes"] if last_run.exists() else []:
        if isinstance(outcome["scenario"], dict):
            results[outcome["scenario"]["Mutant"]["name"]] = outcome["summary"]
    file.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return results


def write_score(shard, results):
    lines = [f"Sample {shard} of the changes that cargo-mutants makes; a change that does not compile does not count.\n", "\n"]
    lines += ["| code | changes | caught | score |\n", "|---|---|---|---|\n"]
    for area in AREAS:
        outcomes = [outcome for name, outcome in results.items() if name.startswith(area + "/") and outcome != "Unviable"]
        caught = sum(outcome in CAUGHT for outcome in outcomes)
        lines.append(f"| `{area}` | {len(outcomes)} | {caught} | {100 * caught / max(1, len(outcomes)):.1f} % |\n")
    missed = sorted(name for name, outcome in results.items() if outcome == "MissedMutant")
    if missed:
        lines += ["\nNot caught:\n\n", *(f"- `{name}`\n" for name in missed)]
    page = ROOT / "docs/quality.md"
    text = page.read_text(encoding="utf-8")
    start, end = text.index(START) + len(START), text.index(END)
    page.write_text(text[:start] + "".join(lines) + text[end:], encoding="utf-8")
    print("".join(lines), end="")


if __name__ == "__main__":
    main()

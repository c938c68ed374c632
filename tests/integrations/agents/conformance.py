"""Runs the conformance tests of MCP, and compares the result of each check with the recorded one. The checks that fail need HTTP, or
tools and features that the server does not have. Usage: conformance.py PROGRAM FOLDER TESTS, where TESTS is the script of the package.
UPDATE=1 records the results."""

import difflib
import json
import os
import pathlib
import subprocess
import sys

program, folder, tests = sys.argv[1:4]
here = pathlib.Path(__file__).parent
SCENARIOS = {
    "2025-11-25": ["server-initialize", "ping", "tools-list"],
    "2026-07-28": ["server-stateless", "tools-list", "caching"],
}

pathlib.Path(folder).mkdir(parents=True, exist_ok=True)


def run_scenario(version, scenario):
    # Each scenario has a server of its own: one that was initialized belongs to the older kind of the protocol.
    bridge = subprocess.Popen([sys.executable, str(here / "bridge.py"), program, folder], stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{bridge.stdout.readline().strip()}/mcp"
        options = ["--url", url, "--scenario", scenario, "--spec-version", version, "--verbose"]
        run = subprocess.run(["node", tests, "server", *options], capture_output=True, text=True, timeout=120)
    finally:
        bridge.terminate()
    start = run.stdout.find("[\n")
    assert start >= 0, run.stdout + run.stderr
    checks, _ = json.JSONDecoder().raw_decode(run.stdout[start:])
    return sorted(f"{version} {scenario}: {check['status']} {check['id']}\n" for check in checks)


lines = []
for version, scenarios in SCENARIOS.items():
    for scenario in scenarios:
        lines += run_scenario(version, scenario)
recorded = here / "conformance.txt"
if os.environ.get("UPDATE"):
    recorded.write_text("".join(lines))
difference = list(difflib.unified_diff(recorded.read_text().splitlines(True), lines, "recorded", "actual"))
assert not difference, "".join(difference)
passed = sum(": SUCCESS " in line for line in lines)
print(f"conformance: {passed} of {len(lines)} checks pass, as recorded")

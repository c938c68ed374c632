"""Keeps the results of mutation testing, and writes them to docs/quality.md. See mutants.sh.

    mutants.py collect FOLDER              adds the results of the last run of cargo-mutants to FOLDER/results.json
    mutants.py report SHARD FOLDER...      writes the score
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
START, END = "<!-- mutants -->\n", "<!-- /mutants -->\n"
AREAS = ["src/rules", "src/engine", "src/html"]
CAUGHT = {"CaughtMutant", "Timeout"}


def load(file):
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def collect(folder):
    """Adds the results of the last run. cargo-mutants itself keeps those of two runs."""
    results = load(folder / "results.json")
    for outcome in load(folder / "mutants.out" / "outcomes.json").get("outcomes", []):
        if isinstance(outcome["scenario"], dict):
            mutant = outcome["scenario"]["Mutant"]
            results[mutant["name"]] = [mutant["file"], outcome["summary"]]
    (folder / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")


def report(shard, folders):
    results = {}
    for folder in folders:
        results |= load(folder / "results.json")
    lines = ["Sample %s of the changes that cargo-mutants makes; a change that does not compile does not count.\n" % shard, "\n"]
    lines += ["| code | changes | caught | score |\n", "|---|---|---|---|\n"]
    for area in AREAS:
        summaries = [summary for path, summary in results.values() if path.startswith(area + "/") and summary != "Unviable"]
        caught = sum(summary in CAUGHT for summary in summaries)
        if summaries:
            lines.append("| `%s` | %d | %d | %.1f %% |\n" % (area, len(summaries), caught, 100 * caught / len(summaries)))
    missed = sorted(name for name, (_, summary) in results.items() if summary == "MissedMutant")
    if missed:
        lines += ["\nNot caught:\n\n"] + ["- `%s`\n" % name for name in missed]
    page = ROOT / "docs/quality.md"
    text = page.read_text(encoding="utf-8")
    start, end = text.index(START) + len(START), text.index(END)
    page.write_text(text[:start] + "".join(lines) + text[end:], encoding="utf-8")
    print("".join(lines), end="")


if __name__ == "__main__":
    if sys.argv[1] == "collect":
        collect(pathlib.Path(sys.argv[2]))
    else:
        report(sys.argv[2], [pathlib.Path(folder) for folder in sys.argv[3:]])

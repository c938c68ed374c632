"""Writes the result of mutation testing to docs/quality.md. See mutants.sh."""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
START, END = "<!-- mutants -->\n", "<!-- /mutants -->\n"
AREAS = ["src/rules", "src/engine", "src/html"]
CAUGHT = {"CaughtMutant", "Timeout"}


def main(shard, *files):
    results = {}
    # Each file is a part of the run; a later one repeats nothing.
    for file in files:
        for outcome in json.loads(pathlib.Path(file).read_text())["outcomes"]:
            mutant = outcome["scenario"]
            if isinstance(mutant, dict):
                results[mutant["Mutant"]["name"]] = (mutant["Mutant"]["file"], outcome["summary"])
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
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Compares the speed of portal-lint with that of jsonschema-cli on files that differ, and writes benches/RESULTS.md.

    cargo install jsonschema-cli && apt-get install time
    cargo build --release && .ci/dist
    benches/compare.py                # about 15 minutes; nothing else should run meanwhile
    benches/compare.py --quick        # about a minute, with a tenth of the files; prints the table and does not write it
    benches/compare.py --only YAML    # only the rows with this word in their names; does not write the table

`--plain PATH` and `--shipped PATH` measure binaries from elsewhere. `--shipped ''` leaves the shipped build out.

The machine may be shared and noisy. So the programs take turns, and a result is the median of the ratios of all rounds.
"""

import argparse
import dataclasses
import datetime
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import corpus

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
SHIPPED_TARGET = "x86_64-unknown-linux-gnu"
SCHEMA = str(ROOT / "schemas/create.schema.json")
# The time that a process needs to start and end is part of every wall time, and is subtracted.
SPAWN = ["true"]


@dataclasses.dataclass
class Case:
    """A row of the table."""

    name: str
    # "wall" or "CPU".
    measure: str
    rounds: int
    target: str
    # The arguments of `portal-lint check`, and the files for jsonschema-cli.
    arguments: list
    files: list
    has_findings: bool = False
    memory_target: str = ""
    # The ratio and memory of each build before the checks were rewritten to be simple and to read HTML as a browser does.
    before: dict = dataclasses.field(default_factory=dict)
    memory_before: dict = dataclasses.field(default_factory=dict)
    # What the ratio compares with, if not with jsonschema-cli: the arguments for the same program.
    base_arguments: list = None


def run(command, expected):
    """Run a command. Return its wall time and CPU time in seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == expected, (command[:6], process.returncode)
    return {"wall": wall, "CPU": usage.ru_utime + usage.ru_stime}


def peak_memory(command):
    """Return the peak memory of a command in MB."""
    # GNU time, because a child of this process starts with the memory of this process.
    result = subprocess.run(["/usr/bin/time", "-f", "%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return int(result.stderr.split()[-1]) / 1024


def write_cases(folder, quick):
    """Write the files to check. Return the rows of the table."""
    scale = 10 if quick else 1
    many = corpus.write_corpus(folder / "json", 10_000 // scale, is_clean=True)
    yaml = corpus.write_corpus(folder / "yaml", 10_000 // scale, "yaml", is_clean=True)
    hundred = corpus.write_corpus(folder / "hundred", 100, is_clean=True)
    careless = corpus.write_corpus(folder / "careless", 2_000 // scale)
    clean_big = corpus.write_big(folder / "clean", 5)
    faulty_big = corpus.write_big(folder / "faulty", 5, findings=50)
    cold = min(many, key=lambda path: abs(path.stat().st_size - 2_500))
    megabytes = sum(path.stat().st_size for path in many) / 1e6
    few, some, most = (9, 5, 25) if quick else (15, 11, 301)
    concise = ["--format", "concise", folder / "careless"]
    human = ["--format", "human", folder / "careless"]
    return [
        Case(
            "cold start, one file of 2.5 KB", "wall", most, "0.4", [cold], [cold], memory_target="5 MB",
            before={"plain": "0.73", "shipped": "0.22"}, memory_before={"plain": "8.1 MB", "shipped": "3.7 MB"},
        ),
        Case(
            "100 JSON files", "CPU", some * few, "1.5", [folder / "hundred"], hundred,
            before={"plain": "3.0", "shipped": "2.3"},
        ),
        Case(
            f"{len(many):,} JSON files ({megabytes:.0f} MB)", "CPU", few, "2.5", [folder / "json"], many,
            memory_target="16 MB", before={"plain": "6.4", "shipped": "4.8"},
            memory_before={"plain": "17.6 MB", "shipped": "13.8 MB"},
        ),
        Case(
            f"{len(yaml):,} YAML files", "CPU", some, "1.2", [folder / "yaml"], yaml,
            before={"plain": "2.7", "shipped": "2.2"},
        ),
        Case(
            f"{len(careless):,} files with findings, concise", "CPU", few, "5", concise, careless, has_findings=True,
            before={"plain": "14.5"},
        ),
        Case(
            f"{len(careless):,} files with findings, human", "CPU", few, "8", human, careless, has_findings=True,
            before={"plain": "23.7"},
        ),
        Case(
            "one file of 5 MB", "wall", few, "4", [clean_big], [clean_big], before={"plain": "11.7", "shipped": "6.8"},
        ),
        Case(
            "the same file with 50 findings in one line, concise, compared with the file without them", "wall", few, "1.5",
            ["--format", "concise", faulty_big], [], has_findings=True, base_arguments=[clean_big],
        ),
    ]


def measure_row(case, build, program):
    """Measure a case with a build. Return the cells of its row."""
    check = [program, "check", "--isolated", "--fail-on", "advice"]
    command = [*check, *case.arguments]
    if case.base_arguments:
        base = [*check, *case.base_arguments]
    else:
        base = ["jsonschema-cli", "validate", SCHEMA, "--errors-only", "-i", *case.files]
    own_times, base_times, spawn_times = [], [], []
    for _ in range(case.rounds):
        own_times.append(run(command, 1 if case.has_findings else 0)[case.measure])
        base_times.append(run(base, 0)[case.measure])
        spawn_times.append(run(SPAWN, 0)[case.measure])
    spawning = statistics.median(spawn_times) if case.measure == "wall" else 0
    ratio = statistics.median((own - spawning) / (base - spawning) for own, base in zip(own_times, base_times))
    own_time, base_time = ((statistics.median(times) - spawning) * 1000 for times in (own_times, base_times))
    memory = statistics.median(peak_memory(command) for _ in range(5))
    return [
        build, case.name, case.measure, f"{own_time:.1f} ms", f"{base_time:.1f} ms", f"**{ratio:.2f}**",
        case.before.get(build, ""), case.target, f"{memory:.1f} MB", case.memory_before.get(build, ""), case.memory_target,
        str(case.rounds),
    ]


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def table(programs, rows):
    heading = [
        "build", "case", "measure", "portal-lint", "base", "ratio", "before", "target", "peak memory", "before", "target", "rounds",
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in [heading, ["---"] * len(heading), *rows]]
    sizes = [f"- **{name}**: {how}, {os.path.getsize(path) / 1e6:.1f} MB" for name, (path, how) in programs.items()]
    return f"""# Results

`benches/compare.py` wrote this file on {datetime.date.today()} at commit {output_of("git", "describe", "--always", "--dirty")},
on {os.cpu_count()} shared cores with a load average of {os.getloadavg()[1]:.1f}, with {output_of("jsonschema-cli", "--version")},
{output_of("rustc", "--version")}, and these builds of {output_of(next(iter(programs.values()))[0], "--version")}:

{chr(10).join(sizes)}

The files are those that `benches/corpus.py` writes with its default seed, which differ in length, order of keys and every text:

```
corpus.py --out DIR --n 10000 --clean                  # no finding; `--n 100` in the second case
corpus.py --out DIR --n 10000 --format yaml --clean
corpus.py --out DIR --n 2000                           # about nine findings each
corpus.py --out DIR --n 0 --big 5                      # with --findings 50 in the last case
```

The commands are below. The first one validates the schema only, and the second one checks the schema and all rules. The second one has
`--format concise` or `--format human` in the rows that say so, and writes to `/dev/null`.

```
jsonschema-cli validate schemas/create.schema.json --errors-only -i FILE...
portal-lint check --isolated --fail-on advice PATH
```

"Before" is the state before the checks were simplified, when HTML was not read as a browser reads it. It was measured by hand on another
day, with the same files. For the files with findings, only one build was measured, and it is not known which.

The column "target" is the final aim. The aim of the simplification was to be no worse than "before", and a plain build of at most 9 MB.
Each file is checked as a whole, with its HTML. The targets of the rows without findings, except that of the cold start, are for a
parser that reads each HTML text once.

The programs take turns. A ratio is the median of the ratios of all rounds, times are medians, and memory is the median of five runs.
Wall times do not include the time to start and end a process, which is that of `true`. CPU time is user and system time.

{chr(10).join(lines)}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", default=str(TARGET / "release/portal-lint"), metavar="PATH")
    parser.add_argument(
        "--shipped", default=str(TARGET / f"shipped/{SHIPPED_TARGET}/release/portal-lint"), metavar="PATH",
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args()
    programs = {"plain": (str(pathlib.Path(options.plain).resolve()), "`cargo build --release`")}
    if options.shipped:
        programs["shipped"] = (str(pathlib.Path(options.shipped).resolve()), "`.ci/dist`")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in write_cases(pathlib.Path(folder), options.quick):
            if options.only in case.name:
                for name, (path, _) in programs.items():
                    rows.append(measure_row(case, name, path))
                    print(" | ".join(rows[-1]), file=sys.stderr)
    text = table(programs, rows)
    print(text)
    if not options.quick and not options.only:
        (ROOT / "benches/RESULTS.md").write_text(text)


main()

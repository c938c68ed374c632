#!/usr/bin/env bash
# Mutation testing: changes the code in small ways and counts the changes that no test notices. Takes about two minutes for each change, so
# it tests a sample, and `.ci/run` does not run it.
#
#     tests/mutants.sh [SHARD]     SHARD (7/20) is the sample: every 20th change, starting with the seventh
#
# It needs `cargo install --locked cargo-mutants`. An interrupted run goes on with the changes that it has not tested. The last step
# writes the score to docs/quality.md. `for k in $(seq 0 19); do tests/mutants.sh $k/20; done` tests all changes.
set -euo pipefail
cd "$(dirname "$0")/.."
shard=${1:-7/20}
out=${CARGO_TARGET_DIR:-target}/mutants/${shard/\//-of-}
mkdir -p "$out"

# The tests that cover the rules, the engine, and HTML. They have no network and no child processes, except the fixtures of fixes.
tests=(-- fixtures:: pages:: checklists:: property:: front_matter:: html:: fix_random:: fix_many::)
status=0
cargo mutants --output "$out" --iterate --shard "$shard" --sharding round-robin --baseline skip --timeout 300 --no-shuffle --colors never \
  --file 'src/rules/**' --file 'src/engine/**' --file 'src/html/**' --exclude src/rules/table.rs \
  --cargo-test-arg=--lib --cargo-test-arg=--test --cargo-test-arg=main "${tests[@]}" || status=$?
# 0: all were caught. 2: some were not. 3: some made the tests run too long, which counts as caught.
case $status in 0 | 2 | 3) ;; *) exit "$status" ;; esac
python3 tests/mutants.py "$shard" "$out"/mutants.out*/outcomes.json

#!/usr/bin/env bash
# Mutation testing: changes the code in small ways and counts the changes that no test notices. Takes about a minute for each change, so
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

# The tests that notice most changes of the rules, the engine, and HTML. They take seconds. The first `--` ends the arguments of
# cargo-mutants, the second one those of `cargo test`.
quick_tests=(-- -- rules:: engine:: html:: fixtures:: pages:: checklists:: property:: front_matter:: fix_random:: fix_many::)

# test_sample FOLDER_NAME SOURCE_FOLDER...: tests the sample of the files in some folders of src.
test_sample() {
  local output=$out/$1 files=()
  for folder in "${@:2}"; do files+=(--file "src/$folder/**"); done
  mkdir -p "$output"
  # The results of a run that was interrupted.
  python3 tests/mutants.py collect "$output"
  run_mutants "${quick_tests[@]}"
  # All tests, for the changes that are left.
  run_mutants
}

# Tests the changes that no earlier run has caught.
run_mutants() {
  local status=0
  cargo mutants --output "$output" --iterate --shard "$shard" --sharding round-robin --timeout 600 --no-shuffle --colors never \
    "${files[@]}" --exclude src/rules/table.rs --cargo-test-arg=--lib --cargo-test-arg=--test --cargo-test-arg=main "$@" || status=$?
  # 0: all were caught. 2: some were not. 3: some made the tests run too long, which counts as caught.
  case $status in 0 | 2 | 3) ;; *) exit "$status" ;; esac
  python3 tests/mutants.py collect "$output"
}

# The rules come first, because most of the mistakes that users would see are there.
test_sample rules rules
test_sample engine engine html
python3 tests/mutants.py report "$shard" "$out/rules" "$out/engine"

#!/usr/bin/env bash
# Checks the files of JSONTestSuite and yaml-test-suite with the program: a valid text has no syntax error, an invalid one has. Each JSON text
# is tried alone and as a value in a portal. Prints a table, and fails if a result differs from the known ones.
#
#     tests/corpora.sh [FOLDER]     FOLDER (../shared/corpora) contains JSONTestSuite and yaml-test-suite
#
# It needs python3 with PyYAML, and a build.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 tests/corpora.py "${1:-../shared/corpora}" "${PORTAL_LINT:-${CARGO_TARGET_DIR:-target}/debug/portal-lint}"

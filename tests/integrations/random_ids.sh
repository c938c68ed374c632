#!/usr/bin/env bash
# Checks that none of 10 million random ids is reported as a placeholder. Takes about two minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo test --locked --quiet --lib -- --ignored --exact \
  rules::shared::placeholder_values::tests::none_of_many_random_ids_is_a_placeholder

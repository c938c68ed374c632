#!/usr/bin/env bash
# Compares what check-jsonschema, with our own schema, and portal-lint report about the same two portals with
# comparison/expected-output.txt, which docs/schemas.md shows. `UPDATE=1` writes it.
. "$(dirname "$0")/tools"
expected=$root/tests/integrations/comparison/expected-output.txt
portal-lint schema create > "$work/create.schema.json"
cp tests/integrations/comparison/*.json "$work/"
cd "$work"
# show COMMAND...: prints the command as a user types it, and its output.
show() { echo "\$ $*" && { "$@" || true; } && echo; }
{
  show check-jsonschema --schemafile create.schema.json spring.json summer.json
  show portal-lint check --format concise spring.json summer.json
} | sed '$d' > output.txt
if [ -n "${UPDATE:-}" ]; then cp output.txt "$expected"; fi
diff -u "$expected" output.txt

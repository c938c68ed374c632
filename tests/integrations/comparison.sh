#!/usr/bin/env bash
# What check-jsonschema says with our own schema, and what portal-lint says, about the same two portals: comparison/said.txt,
# which the README shows. `UPDATE=1` writes it.
. "$(dirname "$0")/tools"
said=$root/tests/integrations/comparison/said.txt
portal-lint schema create > "$work/create.schema.json"
cp tests/integrations/comparison/*.json "$work/"
cd "$work"
# say COMMAND...: the command as it is typed, and what it prints.
say() { echo "\$ $*" && { "$@" || true; } && echo; }
{
  say check-jsonschema --schemafile create.schema.json spring.json summer.json
  say portal-lint check --format concise spring.json summer.json
} | sed '$d' > said.txt
if [ -n "${UPDATE:-}" ]; then cp said.txt "$said"; fi
diff -u "$said" said.txt

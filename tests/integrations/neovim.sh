#!/bin/sh
# Neovim, headless, with the language server: it opens a body, gets the findings in the right columns, makes a fix, allows a
# finding and gives the reason. What it saw has to be what stands in neovim.txt beside this (UPDATE=1 writes it).
#
#     tests/integrations/neovim.sh [PROGRAM]        needs nvim (apt-get install -y neovim; tried with 0.7)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/portal-lint}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sed -e 's/Your confirmation code is: <strong>{{email_code}}/Dein Code, für dich 😀: <strong>{{ email_code }}/' \
    -e 's/"subscription_cancel": false/"subscription_cancel": true/' \
    "$here/../../fixtures/clean/create.json" > "$folder/a b.portal.json"
: > "$folder/portal-lint.toml"
cd "$folder"
PROGRAM=$program FOLDER=$folder HOME=$folder XDG_STATE_HOME=$folder XDG_CACHE_HOME=$folder \
    nvim --headless -u NONE -i NONE -n -c "luafile $here/neovim.lua" 'a b.portal.json' > "$folder/said" 2>&1 < /dev/null || { cat "$folder/said"; exit 1; }
cat "$folder/said"
if [ -n "${UPDATE:-}" ]; then cp "$folder/said" "$here/neovim.txt"; fi
# The version is whatever is installed.
sed 1d "$here/neovim.txt" > "$folder/expected"
sed 1d "$folder/said" | diff "$folder/expected" -

#!/bin/sh
# Opens the playground in Chromium without a screen: paste, findings, a fix, the preflight, masked secrets, large and broken input, and no
# connection. Takes about 20 seconds after the build.
#
#     tests/integrations/playground.sh [FOLDER]     needs python3, chromium, and what playground/build needs
#
# FOLDER receives pictures of the page: light and dark, wide and narrow.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/../../playground/build" --out "$folder/index.html"
python3 "$here/playground.py" "$folder" "$@"

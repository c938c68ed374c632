#!/bin/sh
# Opens the page of `portal-lint preview` with hostile texts in Chromium without a screen: no script of a text may run, and nothing may
# be requested. With the switch of the page, images are requested and nothing else. Takes about 20 seconds.
#
#     tests/integrations/preview.sh [SCREENSHOT]     needs python3, chromium (apt-get install -y chromium) and a build
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${PORTAL_LINT:-$here/../../target/debug/portal-lint}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/preview.py" "$program" "$folder" "$@"

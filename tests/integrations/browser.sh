#!/bin/sh
# Opens the cases of tests/html/cases.json and the examples of the pages of RCP012 and RCP013 in Chromium without a screen, each
# as a page and as innerHTML, and compares what the browser does with what the cases record. The output must be equal to
# browser.txt (UPDATE=1 writes it).
#
#     tests/integrations/browser.sh        needs python3 and chromium (apt-get install -y chromium)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/browser.py" write "$folder/page.html"
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$folder/profile" --virtual-time-budget=20000 \
    --dump-dom "file://$folder/page.html" > "$folder/dom.html" 2> "$folder/errors"
status=0
python3 "$here/browser.py" compare "$folder/dom.html" > "$folder/output" || status=$?
cat "$folder/output"
if [ -n "${UPDATE:-}" ]; then cp "$folder/output" "$here/browser.txt"; fi
exit $status

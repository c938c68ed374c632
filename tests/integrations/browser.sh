#!/bin/sh
# Opens the texts of tests/html/*.json and the examples of the pages of RCP012, RCP013 and RCP023 in Chromium without a screen,
# each as a page and as innerHTML, and compares what the browser does with what the cases record. Takes about three minutes. browser.txt
# is the output of the last run (UPDATE=1 writes it).
#
#     tests/integrations/browser.sh        needs python3 and chromium (apt-get install -y chromium)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/browser.py" write "$folder/page.html"
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$folder/profile" --virtual-time-budget=900000 \
    --dump-dom "file://$folder/page.html" > "$folder/dom.html" 2> "$folder/errors"
status=0
python3 "$here/browser.py" compare "$folder/dom.html" > "$folder/output" || status=$?
cat "$folder/output"
if [ -n "${UPDATE:-}" ]; then cp "$folder/output" "$here/browser.txt"; fi
exit $status

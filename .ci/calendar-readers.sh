#!/bin/sh
# Two calendar programs for one test, into var/: khal (Python) and ical.js (JavaScript). The product
# needs neither, so they are no packages of ours; the test runs this itself when they are missing.
set -eu
cd "$(dirname "$0")/.."

folder=var/calendar-readers
khal=0.14.1
ical_js=2.2.1

command -v npm >/dev/null || {
    echo "This needs npm, for ical.js: apt-get install --no-install-recommends npm" >&2
    exit 1
}
if ! [ -x "$folder/khal/bin/khal" ]; then
    if command -v uv >/dev/null; then
        uv venv --quiet "$folder/khal"
        uv pip install --quiet --python "$folder/khal/bin/python" "khal==$khal"
    else
        python3 -m venv "$folder/khal"
        "$folder/khal/bin/pip" install --quiet "khal==$khal"
    fi
fi
[ -e "$folder/js/node_modules/ical.js/package.json" ] ||
    npm install --silent --no-audit --no-fund --prefix "$folder/js" "ical.js@$ical_js"

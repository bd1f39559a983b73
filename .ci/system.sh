#!/bin/sh
# Does this machine have what pip cannot bring? Usage: system.sh run|lint|messages|test|screens|bench
# What is missing is installed when we are root on Debian; else this says exactly what to install.
set -eu

missing=""
need() { # need <Debian package> <command that shows that it is there ...>
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1"; }
can_make_a_venv() {
    [ -x .venv/bin/python ] || command -v uv || python3 -c "import ensurepip, venv"
}

python=python3
[ ! -x .venv/bin/python ] || python=.venv/bin/python
if ! "$python" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
    echo "Werklab needs Python 3.11 or newer as python3 (Debian: apt-get install python3)." >&2
    exit 1
fi

# WeasyPrint, which makes the report, draws text with Pango.
need python3-venv can_make_a_venv
need libpango-1.0-0 library libpango-1.0.so.0
need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
need libharfbuzz-subset0 library libharfbuzz-subset.so.0
case "$1" in
    test | screens | bench)
        need chromium-headless-shell command -v chromium-headless-shell
        need libatomic1 library libatomic.so.1 # for what drives Chromium
        ;;
esac
case "$1" in
    test) need npm command -v npm ;; # for ical.js, which reads our calendar files
esac
case "$1" in
    test | messages) need gettext command -v msgfmt ;;
    screens) need poppler-utils command -v pdftoppm ;;
esac
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
    echo "Installing$missing ..."
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # one word per package
    if ! log=$(apt-get update -qq 2>&1 &&
        apt-get install -y -qq --no-install-recommends $missing 2>&1); then
        echo "$log" >&2
        exit 1
    fi
else
    echo "Missing on this machine:$missing" >&2
    echo "Install it and try again. On Debian or Ubuntu:" >&2
    echo "    sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

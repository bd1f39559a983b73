#!/bin/sh
# Make .venv hold exactly what requirements/<name>.txt pins. Usage: venv.sh base|dev
# Does nothing when it does so already; uses uv where it is there, else venv and pip.
set -eu

lock=requirements/$1.txt
if ! .venv/bin/python -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
    rm -rf .venv
fi
if cmp -s "$lock" ".venv/$1.txt"; then exit 0; fi
if [ "$1" = base ] && cmp -s requirements/dev.txt .venv/dev.txt; then exit 0; fi # base is part of dev

echo "Installing the packages of $lock into .venv ..."
if command -v uv >/dev/null; then
    [ -d .venv ] || uv venv --quiet --python ">=3.11" .venv
    uv pip install --quiet --python .venv/bin/python --require-hashes --no-deps -r "$lock"
else
    [ -d .venv ] || python3 -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --no-deps -r "$lock"
fi
cp "$lock" ".venv/$1.txt"

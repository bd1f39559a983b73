#!/bin/sh
# Pin every package with its hashes, without any address: pip and uv can both install from it.
set -eu

command -v uv >/dev/null || { echo "This needs uv: python3 -m pip install uv" >&2; exit 1; }
lock() { # lock <file> <more options ...>
    file=$1
    shift
    uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --no-emit-index-url -o "$file" "$@"
}
lock requirements/base.txt
lock requirements/dev.txt --extra dev

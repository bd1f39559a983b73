#!/bin/sh
# Write the Dutch catalogue anew from the code and the templates, then compile it.
# tests/house/test_catalogue.py does the same in a copy, and compares.
set -eu

python=${PYTHON:-.venv/bin/python}
"$python" manage.py makemessages --settings tests.settings --locale nl --no-obsolete \
    --no-location --ignore tests --ignore var
"$python" manage.py compilemessages --settings tests.settings --locale nl --ignore .venv

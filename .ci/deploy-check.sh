#!/bin/sh
# Django's own checks for a site on the internet, with the variables of a production machine.
set -eu

echo "manage.py check --deploy, as in production"
SECRET_KEY=$(.venv/bin/python -c "import secrets; print(secrets.token_urlsafe(50))")
export SECRET_KEY
export ALLOWED_HOSTS=werklab.example BASE_URL=https://werklab.example
unset DEMO DEBUG HTTPS 2>/dev/null || true
.venv/bin/python manage.py check --deploy --fail-level WARNING

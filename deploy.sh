#!/usr/bin/env bash
# Production: installs the locked packages, builds the dashboard, checks the settings, brings the
# database up to date and serves everything on port 5001. Put a TLS proxy in front of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export FLASK_ENV=production

if [ ! -f .env ]; then
    printf '%s\n' "Cannot go on: there is no .env. Copy .env.example to .env and fill it in." >&2
    exit 1
fi
scripts/setup.sh runtime
.venv/bin/python -m scripts.check_settings
scripts/setup.sh build
mkdir -p logs data
.venv/bin/flask prepare
exec .venv/bin/gunicorn -w 4 -b 0.0.0.0:5001 api_server:app

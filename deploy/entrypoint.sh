#!/bin/sh
# What a container runs: `web`, `worker`, `migrate`, or any other command of manage.py (`create_api_key NAME`).
# `exec`, so that the process itself gets the signal to stop and can finish what it has begun.
set -eu
cd "$(dirname "$0")/.."

case "${1:-web}" in
    web) exec gunicorn --config deploy/gunicorn.conf.py ;;
    migrate) shift && exec python manage.py migrate --noinput "$@" ;;
    *) exec python manage.py "$@" ;;
esac

#!/usr/bin/env bash
# restore.sh FILE: reads a backup into an empty database, all of it or nothing. Which database: as for backup.sh.
# Afterwards run `migrate`, then `verify_grades`.
set -euo pipefail

file=${1:?type the backup to read, such as backups/grader-20261124T021700Z.dump}
: "${PGDATABASE:?type PGDATABASE=the name of the database}"
if [[ -n ${PGPASSWORD_FILE:-} ]]; then
    PGPASSWORD=$(<"$PGPASSWORD_FILE")
    export PGPASSWORD
fi

tables=$(psql --no-psqlrc --tuples-only --no-align --command \
    "SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')")
if ((tables)); then
    echo "The database $PGDATABASE has $tables tables already: create an empty one and restore into that." >&2
    exit 1
fi
pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$PGDATABASE" "$file"
psql --no-psqlrc --quiet --command ANALYZE

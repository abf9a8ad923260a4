#!/usr/bin/env bash
# backup.sh: writes the database into a new file in BACKUP_DIR and prints its path. The file appears under its name
# only when it is complete and can be read back. Files older than BACKUP_KEEP_DAYS (0: none) are then deleted.
#
# Which database: libpq's variables (PGHOST, PGPORT, PGUSER, PGDATABASE), the password from PGPASSWORD_FILE. Not from
# an argument, which everyone on the machine could read.
set -euo pipefail
umask 077

folder=${BACKUP_DIR:?type BACKUP_DIR=the folder for backups}
keep_days=${BACKUP_KEEP_DAYS:-0}
: "${PGDATABASE:?type PGDATABASE=the name of the database}"
if [[ -n ${PGPASSWORD_FILE:-} ]]; then
    PGPASSWORD=$(<"$PGPASSWORD_FILE")
    export PGPASSWORD
fi

file=$folder/grader-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f "$file.part"' EXIT
pg_dump --format=custom --no-owner --no-privileges --file="$file.part"
pg_restore --list "$file.part" >/dev/null
sync "$file.part"
mv "$file.part" "$file"
if ((keep_days)); then
    find "$folder" -maxdepth 1 -name 'grader-*.dump' -mtime "+$keep_days" -delete
fi
echo "$file"

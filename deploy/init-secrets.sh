#!/usr/bin/env bash
# init-secrets.sh SERVER_NAME: makes what deploy/compose.prod.yml reads from files: secrets/, a self-signed certificate
# to start with, and prod.env. What exists already is left as it is, so it can be run again.
set -euo pipefail
umask 077

name=${1:-}
if [[ ! $name =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]]; then
    echo "Type the name that people will type into their browser: $0 grading.example.org" >&2
    exit 2
fi
cd "${INIT_DIR:-$(dirname "$0")}"

# The folder keeps others out. The files inside must be readable by the containers' own users, whom the host does not
# know, and a container gets to see only those that are mounted into it.
mkdir -p secrets/tls backups acme
chmod 700 secrets backups
chmod 755 secrets/tls acme
make_secret() { # make_secret FILE COMMAND…
    local file=secrets/$1
    shift
    [[ -s $file ]] || "$@" >"$file"
    chmod 444 "$file"
}
database_url() { echo "postgresql://grader:$(<secrets/postgres_password)@db:5432/grader"; }
redis_conf() { echo "requirepass $(openssl rand -hex 32)"; }
redis_url() { echo "redis://:$(sed -n 's/^requirepass //p' secrets/redis_conf)@redis:6379/0"; }

make_secret secret_key openssl rand -hex 48
make_secret postgres_password openssl rand -hex 32
make_secret database_url database_url
make_secret grafana_password openssl rand -hex 16
# Read only where the profile `cache` runs.
make_secret redis_conf redis_conf
make_secret redis_url redis_url

if [[ ! -s secrets/tls/fullchain.pem ]]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 90 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:$name" -keyout secrets/tls/privkey.pem -out secrets/tls/fullchain.pem 2>/dev/null
    chmod 444 secrets/tls/*.pem
    echo "The certificate is self-signed: put the real one into $PWD/secrets/tls (fullchain.pem, privkey.pem)."
fi

if [[ ! -e prod.env ]]; then
    printf 'SERVER_NAME=%s\nBACKUP_USER=%s:%s\n' "$name" "$(id -u)" "$(id -g)" >prod.env
fi
echo "Ready. Keep a copy of $PWD/secrets in a safe place: a backup of the database is of little use without it."

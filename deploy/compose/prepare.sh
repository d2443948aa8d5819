#!/bin/sh
# Creates the files that compose.yaml reads: random secrets, and the host name that clients use.
# Usage: ./prepare.sh HOST. Existing files are kept.
set -eu
cd "$(dirname "$0")"

if [ ! -f .env ]; then
    printf 'SCENEDEX_HOST=%s\n' "${1:?usage: ./prepare.sh HOST, the name or address by which clients reach this machine}" > .env
fi

# The folder keeps others out; the files in it are read by users that only containers know.
umask 022
mkdir -p secrets
chmod 700 secrets

word() {  # word NAME BYTES: a random word in URL-safe base64
    [ -s "secrets/$1" ] || head -c "$2" /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' > "secrets/$1"
}
word database-password 24
word storage-access-key 15
word storage-secret-key 30
word secrets-key 32

[ -s secrets/storage-identities ] || cat > secrets/storage-identities <<END
{"identities": [{"name": "scenedex", "actions": ["Admin", "Read", "List", "Tagging", "Write"],
  "credentials": [{"accessKey": "$(cat secrets/storage-access-key)", "secretKey": "$(cat secrets/storage-secret-key)"}]}]}
END
printf 'Ready. Keep secrets/secrets-key apart from the backups of the database.\n'

#!/bin/sh
# Calls five operations of the Media Intelligence API with curl, signed with openssl:
# create a project, register an object as an asset, wait for its import, list assets, move the asset.
#
#   ENDPOINT=http://127.0.0.1:8600 NCLOUD_ACCESS_KEY=… NCLOUD_SECRET_KEY=… \
#   WORKSPACE=archive BUCKET=footage KEY=2025/interview.mp4 sh sign-with-curl.sh
#
# Every answer is printed. The exit status is 1 if an answer has a code other than "0", if the import does not
# complete, or if it takes longer than POLLS requests (default 600), POLL_SECONDS (default 2) apart.
# openssl takes the secret key as an argument, where other users of the same machine can see it for a moment.
set -eu

: "${ENDPOINT:?address of the service}" "${WORKSPACE:?name of an existing workspace}"
: "${NCLOUD_ACCESS_KEY:?}" "${NCLOUD_SECRET_KEY:?}"
: "${BUCKET:?bucket of the object}" "${KEY:?full name of the object in its bucket}"
endpoint=${ENDPOINT%/}

# signature METHOD TARGET TIMESTAMP: prints the signature. TARGET is path and query exactly as sent. The body is
# not signed.
signature() {
    printf '%s %s\n%s\n%s' "$1" "$2" "$3" "$NCLOUD_ACCESS_KEY" |
        openssl dgst -sha256 -mac HMAC -macopt "key:$NCLOUD_SECRET_KEY" -binary |
        openssl base64 -A
}

# call METHOD TARGET [BODY]: stores the answer in $answer, and exits if its code is not "0".
call() {
    timestamp="$(date +%s)000"
    set -- "$1" "$2" "${3-}" \
        --header "x-ncp-apigw-timestamp: $timestamp" \
        --header "x-ncp-iam-access-key: $NCLOUD_ACCESS_KEY" \
        --header "x-ncp-apigw-signature-v2: $(signature "$1" "$2" "$timestamp")" \
        --header 'Content-Type: application/json'
    method=$1 target=$2 body=$3
    shift 3
    [ -z "$body" ] || set -- "$@" --data "$body"
    answer=$(curl --silent --show-error --max-time 60 --path-as-is --request "$method" "$@" "$endpoint$target")
    printf '%s %s\n%s\n\n' "$method" "$target" "$answer"
    if [ "$(text code)" != 0 ]; then
        echo "The answer to $method $target does not have the code \"0\"." >&2
        exit 1
    fi
}

# text NAME, number NAME: print the value of a field of $answer, nothing if it is missing.
text() {
    printf '%s' "$answer" | tr -d '\n' | grep -o "\"$1\"[[:space:]]*:[[:space:]]*\"[^\"]*\"" |
        head -n 1 | sed 's/.*"\([^"]*\)"$/\1/'
}
number() {
    printf '%s' "$answer" | tr -d '\n' | grep -o "\"$1\"[[:space:]]*:[[:space:]]*[0-9]*" |
        head -n 1 | sed 's/.*[^0-9]\([0-9]*\)$/\1/'
}

# quoted TEXT: prints a JSON string.
quoted() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/["\\]/\\&/g')"
}

projects="/api/v1/workspaces/$WORKSPACE/projects"
name="curl $(date +%Y-%m-%dT%H:%M:%S) $$"

echo "== Create two projects: one to register in, one to move to"
call POST "$projects" "{\"name\": $(quoted "$name")}"
project=$(number projectId)
call POST "$projects" "{\"name\": $(quoted "$name, moved")}"
other=$(number projectId)

echo "== Register an object as an asset"
call POST "$projects/$project/assets/import/object-storage" \
    "{\"key\": $(quoted "$KEY"), \"bucketName\": $(quoted "$BUCKET")}"
asset=$(number assetId)

echo "== Wait for its import"
polls=${POLLS:-600}
while call GET "$projects/$project/assets/$asset/import-status" && status=$(text uploadStatus) &&
    [ "$status" = IN_PROGRESS ]; do
    polls=$((polls - 1))
    if [ "$polls" -le 0 ]; then
        echo "The import takes too long." >&2
        exit 1
    fi
    sleep "${POLL_SECONDS:-2}"
done
if [ "$status" != COMPLETED ]; then
    echo "The import ended with $status." >&2
    exit 1
fi

echo "== List the assets of the project"
call GET "$projects/$project/assets?pageNum=1&pageSize=100"

echo "== Move the asset to the other project"
call PATCH "$projects/$project/assets/$asset?new_project_id=$other"
echo "Asset $asset is in project $other."

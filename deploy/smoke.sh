#!/usr/bin/env bash
# smoke.sh URL KEY [RUBRIC_ID]: is what was just deployed of use? Looks at it from outside, as a visitor and as an
# integrator; with a rubric it also grades a few sentences for the student `smoke-test` and has the grading verified.
# The key needs the scopes `grade` and `read`; `-` reads it from standard input, where no list of processes shows it.
# Exit 0 when everything holds. Options for curl go into ~/.curlrc.
set -uo pipefail

if (($# < 2 || $# > 3)); then
    echo "Type the address and an API key: $0 https://grading.example.org KEY [RUBRIC_ID]" >&2
    exit 2
fi
url=${1%/} key=$2 rubric=${3:-} failures=0 body=
host=${url#https://}
[[ $key != - ]] || read -r key

say() { # say OK|FAILED|NOTE TEXT
    printf '%-7s %s\n' "$1" "$2"
    [[ $1 != FAILED ]] || failures=$((failures + 1))
}
ask() { curl --silent --show-error --max-time 20 "$@"; }
# The key goes through a file descriptor: arguments can be read by everyone on the machine.
ask_with_key() { ask --header @<(printf 'X-API-Key: %s\n' "$key") --header 'Content-Type: application/json' "$@"; }
expect_status() { # expect_status WANTED WHAT CURL-ARGUMENTS…
    local wanted=$1 what=$2 got
    shift 2
    got=$(ask --output /dev/null --write-out '%{http_code}' "$@" 2>/dev/null)
    if [[ $got == "$wanted" ]]; then say OK "$what"; else say FAILED "$what: answered $got, not $wanted"; fi
}
json() { # json NAME: the first string, number or word of that name in $body
    grep -oE "\"$1\": ?\"?[^\",}]*" <<<"$body" | head -n 1 | sed -E 's/.*: ?"?//'
}

expect_status 200 'the site answers /health' "$url/health"
if [[ $url == https://* ]]; then
    expect_status 301 'plain HTTP is redirected' "http://${host%%:*}:${SMOKE_HTTP_PORT:-80}/"
    headers=$(ask --head "$url/sign-in/" | tr -d '\r')
    for name in Strict-Transport-Security Content-Security-Policy X-Content-Type-Options X-Frame-Options Referrer-Policy X-Request-ID; do
        count=$(grep -ci "^$name:" <<<"$headers")
        if ((count == 1)); then say OK "header $name"; else say FAILED "header $name stands there $count times"; fi
    done
    seconds=$(ask --output /dev/null --write-out '%{certs}' "$url/health" 2>/dev/null | sed -n 's/^Expire date:[ ]*//p' | head -n 1)
    [[ -z $seconds ]] || say NOTE "the certificate is valid until $seconds"
fi

body=$(ask --header 'Accept: application/json' "$url/services/status")
if [[ $(json all_healthy) == true ]]; then
    say OK 'every part works'
else
    say FAILED "not every part works: ${body:-no answer from /services/status}"
fi

case $(ask --output /dev/null --write-out '%{http_code}' "$url/metrics") in
    403 | 404) say OK '/metrics is closed to this machine' ;;
    200) say NOTE '/metrics answers this machine: right if it is on an internal network, wrong otherwise' ;;
    *) say FAILED '/metrics neither answers nor refuses' ;;
esac

expect_status 401 'the API wants a key' "$url/api/gradings/"
got=$(ask_with_key --output /dev/null --write-out '%{http_code}' "$url/api/gradings/")
if [[ $got == 200 ]]; then say OK 'the key is accepted'; else say FAILED "the key is not accepted: $got"; fi

if [[ -n $rubric ]]; then
    transcript='Student: Hello, what brings you in today?\nPatient: I have had a headache since yesterday.\nStudent: Do you have a fever?\nPatient: No.\nStudent: In summary, a headache since yesterday without fever.'
    body=$(ask_with_key --data "{\"rubric_id\": \"$rubric\", \"student_id\": \"smoke-test\", \"submission\": {\"oral_transcript\": \"$transcript\"}}" "$url/api/grade")
    grading=$(json grading_id)
    if [[ -n $grading ]]; then
        say OK "graded: overall score $(json overall_score)"
        body=$(ask_with_key --request POST "$url/api/gradings/$grading/verify")
        if [[ $(json match) == true ]]; then say OK 'graded again: the digests match'; else say FAILED "not verified: $body"; fi
    else
        say FAILED "not graded: $body"
    fi
fi

if ((failures)); then echo "$failures checks failed."; exit 1; fi
echo 'Everything holds.'

# Shared by deploy.sh and rollback.sh: the configuration, dry runs and what is asked of AWS. Sourced, never run.
# shellcheck shell=bash

readonly STACKS=(foundation network data release service monitoring)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
declare -A config=()
dry_run=''

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}
say() { printf '\n── %s\n' "$*"; }

# change COMMAND…: runs it, or in a dry run only shows it.
change() {
    printf '  '
    printf '%q ' "$@"
    printf '\n'
    [[ -n $dry_run ]] || "$@"
}

parameters_of() { # parameters_of STACK: the names that a template declares
    awk '/^Parameters:/ {on = 1; next} /^[A-Za-z]/ {on = 0} on && /^  [A-Za-z0-9]+:/ {sub(":.*", ""); print $1}' "$here/$1.yml"
}

# Lines are Name=value. They are read and never executed, so no value can be a command.
read_config() {
    local file=$1 line known number=0
    [[ -r $file ]] || fail "$file can't be read: copy deploy/aws/grader.conf.example and fill it in."
    known=" Region $(for stack in "${STACKS[@]}"; do parameters_of "$stack"; done | tr '\n' ' ')"
    while IFS= read -r line || [[ -n $line ]]; do
        number=$((number + 1))
        line=${line%$'\r'}
        [[ -z $line || $line == \#* ]] && continue
        [[ $line =~ ^([A-Za-z0-9]+)=(.*)$ ]] || fail "$file, line $number: type Name=value."
        [[ $known == *" ${BASH_REMATCH[1]} "* && ${BASH_REMATCH[1]} != Version ]] ||
            fail "$file, line $number: no template has the parameter ${BASH_REMATCH[1]}."
        config[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
    done <"$file"
    : "${config[Name]:=grader}"
    for name in Region ServerName CertificateArn AlarmEmail; do
        [[ -n ${config[$name]:-} ]] || fail "$file: $name is missing."
    done
    if [[ -n ${config[DatabaseMaxConnections]:-} ]]; then
        : "${config[DatabaseConnectionsAlarm]:=$((config[DatabaseMaxConnections] * 4 / 5))}"
    fi
    export AWS_REGION=${config[Region]} AWS_DEFAULT_REGION=${config[Region]} AWS_PAGER=
}

need_tools() {
    for tool in "$@"; do command -v "$tool" >/dev/null || fail "$tool is missing: install it first."; done
}

check_account() {
    local account
    account=$(aws sts get-caller-identity --query Account --output text) ||
        fail "AWS does not know who you are: sign in first (aws sso login, or AWS_PROFILE=…)."
    say "Account $account, region ${config[Region]}, installation ${config[Name]}${dry_run:+, dry run: nothing is changed}"
}

# stack NAME [Version=…]: creates it or brings it up to date; one that is up to date is left alone.
stack() {
    local name=$1 parameter values=()
    shift
    while read -r parameter; do
        [[ -z ${config[$parameter]+given} ]] || values+=("$parameter=${config[$parameter]}")
    done < <(parameters_of "$name")
    say "Stack ${config[Name]}-$name"
    change aws cloudformation deploy --stack-name "${config[Name]}-$name" --template-file "$here/$name.yml" \
        --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --tags "app=${config[Name]}" \
        --parameter-overrides "${values[@]}" "$@"
}

# output STACK KEY: an output of a stack; in a dry run of a first deployment, a word that stands for it.
output() {
    local value
    value=$(aws cloudformation describe-stacks --stack-name "${config[Name]}-$1" --output text \
        --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" 2>/dev/null) || value=
    if [[ -z $value || $value == None ]]; then
        [[ -n $dry_run ]] || fail "Stack ${config[Name]}-$1 has no output $2: run deploy.sh again from the start."
        value="<$2>"
    fi
    printf '%s' "$value"
}

serve() { # serve VERSION: replaces the tasks by those of a version, and waits
    stack service "Version=$1" || fail "The new tasks did not become healthy, and ECS went back to those before." \
        "Look into the log: aws logs tail /${config[Name]}/app --since 30m --filter-pattern ERROR"
    change aws ecs wait services-stable --cluster "${config[Name]}" --services "${config[Name]}"
}

smoke_test() {
    local key
    say "Smoke test of https://${config[ServerName]}"
    if [[ -n $dry_run ]]; then
        echo "  deploy/smoke.sh https://${config[ServerName]} - (the key from ${config[Name]}/api-key)"
    elif ! getent hosts "${config[ServerName]}" >/dev/null; then
        echo "  ${config[ServerName]} leads nowhere yet: point it to $(output service BalancerName), then run this again."
    else
        key=$(aws secretsmanager get-secret-value --secret-id "${config[Name]}/api-key" --query SecretString --output text)
        "$here/../smoke.sh" "https://${config[ServerName]}" - <<<"$key"
    fi
}

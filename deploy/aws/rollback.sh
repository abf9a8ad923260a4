#!/usr/bin/env bash
# rollback.sh [--dry-run] [--with-migrations] CONFIG [TAG]: serves the version before the present one, or TAG. The
# database stays as it is: old code runs on the newer schema, and a migration is never undone.
#   --with-migrations  go back although migrations lie in between; docs/aws.md says when that is right
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

with_migrations='' config_file='' target=''
while (($#)); do
    case $1 in
        --dry-run) dry_run=yes ;;
        --with-migrations) with_migrations=yes ;;
        -*) fail "There is no option $1: type $0 [--dry-run] [--with-migrations] CONFIG [TAG]." ;;
        *) if [[ -z $config_file ]]; then config_file=$1; else target=$1; fi ;;
    esac
    shift
done
[[ -n $config_file ]] || fail "Type the configuration: $0 deploy/aws/grader.conf"
need_tools aws awk git
read_config "$config_file"

version_of() { # version_of TASK-DEFINITION: the tag of its web server's image
    local image
    image=$(aws ecs describe-task-definition --task-definition "$1" --output text \
        --query "taskDefinition.containerDefinitions[?name=='web'].image")
    printf '%s' "${image##*:}"
}

# Task definitions are kept when a version replaces another, newest first here.
version_before() {
    local definition version
    for definition in $(aws ecs list-task-definitions --family-prefix "${config[Name]}" --status ACTIVE --sort DESC \
        --query taskDefinitionArns --output text); do
        [[ $definition == *":task-definition/${config[Name]}:"* ]] || continue
        version=$(version_of "$definition")
        if [[ $version != "$1" ]]; then
            printf '%s' "$version"
            return
        fi
    done
}

check_migrations() {
    local between version
    for version in "$target" "$present"; do
        git -C "$here" cat-file -e "$version^{commit}" 2>/dev/null ||
            fail "$version is no commit of this clone: fetch it, so that the migrations in between can be told."
    done
    between=$(git -C "$here" diff --name-only "$target" "$present" -- ':(top,glob)*/migrations/0*.py')
    [[ -n $between ]] || return 0
    printf 'Migrations between %s and %s:\n%s\n' "$target" "$present" "$between"
    [[ -n $with_migrations ]] || fail "Code of the release before runs on the newer schema, that of an older one may not." \
        "If $target is the release before, type --with-migrations; otherwise repair forward, or restore (docs/aws.md)."
}

check_account
present=$(aws cloudformation describe-stacks --stack-name "${config[Name]}-service" --output text \
    --query "Stacks[0].Parameters[?ParameterKey=='Version'].ParameterValue")
[[ -n $target ]] || target=$(version_before "$present")
[[ -n $target ]] || fail "There is no version before $present to go back to."
[[ $target != "$present" ]] || fail "$target serves already."
for repository in app nginx; do
    aws ecr describe-images --repository-name "${config[Name]}/$repository" --image-ids "imageTag=$target" >/dev/null ||
        fail "The image ${config[Name]}/$repository:$target is gone: check $target out and run deploy.sh."
done
check_migrations
say "Back from $present to $target"
serve "$target"
smoke_test
say "Version $target serves https://${config[ServerName]}"

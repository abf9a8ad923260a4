#!/usr/bin/env bash
# deploy.sh [--dry-run] [--version TAG] CONFIG: builds the images, pushes them, migrates, updates the service, waits and
# tests. Can be repeated at any time: what is done already is left alone. CONFIG is a copy of grader.conf.example.
#   --dry-run      show every command that would change something, and change nothing
#   --version TAG  deploy images that were pushed before, instead of building the commit that is checked out
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

version='' config_file=''
while (($#)); do
    case $1 in
        --dry-run) dry_run=yes ;;
        --version) version=${2:?type a tag behind --version} && shift ;;
        -*) fail "There is no option $1: type $0 [--dry-run] [--version TAG] CONFIG." ;;
        *) config_file=$1 ;;
    esac
    shift
done
[[ -n $config_file ]] || fail "Type the configuration: $0 deploy/aws/grader.conf"
need_tools aws awk
read_config "$config_file"

image_exists() { aws ecr describe-images --repository-name "${config[Name]}/$1" --image-ids "imageTag=$version" >/dev/null 2>&1; }

# The commit, so that anybody can tell what runs, and rollback.sh which migrations lie between two versions.
choose_version() {
    [[ -n $version ]] && return
    need_tools git docker
    [[ -n $dry_run || -z $(git -C "$here" status --porcelain) ]] ||
        fail "There are changes that are not committed: commit them, so that what runs has a name."
    version=$(git -C "$here" rev-parse --short=12 HEAD)
    build=yes
}

build_and_push() {
    local root=$here/../.. app nginx
    if [[ -z ${build:-} ]]; then
        [[ -n $dry_run ]] || { image_exists app && image_exists nginx; } || fail "No image has the tag $version: leave --version out to build one."
        return
    fi
    if image_exists app && image_exists nginx; then
        say "Images of $version are there already"
        return
    fi
    app=$(output foundation AppRepositoryUri) nginx=$(output foundation NginxRepositoryUri)
    say "Images of $version"
    change docker build --platform linux/amd64 --build-arg "VERSION=$version" --tag "med-ed-op-grader:$version" "$root"
    change docker build --platform linux/amd64 --build-arg "APP_IMAGE=med-ed-op-grader:$version" --tag "$app:$version" \
        --file "$here/app.Dockerfile" "$here"
    change docker build --platform linux/amd64 --tag "$nginx:$version" --file "$here/nginx.Dockerfile" "$root/deploy/nginx"
    if [[ -z $dry_run ]]; then
        aws ecr get-login-password | docker login --username AWS --password-stdin "${app%%/*}"
    fi
    # A tag can't be pushed twice, so one that went through before an interruption is passed over.
    image_exists app || change docker push "$app:$version"
    image_exists nginx || change docker push "$nginx:$version"
}

migrate() {
    local network task code
    network="awsvpcConfiguration={subnets=[$(output network PrivateSubnets)],securityGroups=[$(output network TaskGroup)],assignPublicIp=DISABLED}"
    say "Migrations of $version"
    local command=(aws ecs run-task --cluster "${config[Name]}" --task-definition "$(output release MigrateTask)"
        --launch-type FARGATE --network-configuration "$network" --started-by "deploy-${version:0:28}")
    if [[ -n $dry_run ]]; then
        change "${command[@]}"
        return
    fi
    task=$("${command[@]}" --query 'tasks[0].taskArn' --output text)
    [[ $task == arn:* ]] || fail "The task that migrates could not be started; nothing was changed. Run this again."
    echo "  $task"
    aws ecs wait tasks-stopped --cluster "${config[Name]}" --tasks "$task"
    code=$(aws ecs describe-tasks --cluster "${config[Name]}" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
    [[ $code == 0 ]] || fail "The migrations ended with $code; the version before still serves." \
        "Look into the log: aws logs tail /${config[Name]}/app --since 30m --log-stream-name-prefix release"
}

check_account
choose_version
stack foundation
stack network
stack data
build_and_push
stack release "Version=$version"
migrate
serve "$version"
stack monitoring
smoke_test
say "Version $version serves https://${config[ServerName]}"

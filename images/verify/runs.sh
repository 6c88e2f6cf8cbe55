# shellcheck shell=bash
# Runs the images' programs as pods would (pod.sh). Sourced; needs $here, $work, fail and version.

: "${here:?}" "${work:?}"

# For a start, and for an end: the service's own deadline is 28 s.
DEADLINE=30
# Where each service's image is mounted.
declare -A roots=()

# Nothing answers at port 1: the services start without their stores, and say so.
AWAY=(
    VITRINA_PRIMARY__URL=postgresql://vitrina:none@127.0.0.1:1/vitrina
    VITRINA_REPLICA__URLS=postgresql://vitrina:none@127.0.0.1:1/vitrina
    VITRINA_REDIS__URL=redis://127.0.0.1:1
    VITRINA_KAFKA__BROKERS=127.0.0.1:1
    VITRINA_CURSOR__KEY=only-for-this-check-and-32-characters-long
    VITRINA_SESSION__KEY=only-for-this-check-and-32-characters-long
    VITRINA_AUTH__JWKS=http://127.0.0.1:1/jwks.json
    VITRINA_SHUTDOWN__WAIT=1s
)

# pod SERVICE [VARIABLE=VALUE…] PROGRAM [ARGUMENT…]
pod() {
    "$here/verify/pod.sh" "${roots[$1]}" "${@:2}"
}

every_program_runs() {
    local service
    for service in "${SERVICES[@]}"; do
        has_its_libraries "$service"
        explains_itself "$service"
        [[ $(pod "$service" "/usr/local/bin/$service" --version) == "$service $(version)" ]] || fail "$service says another version"
    done
}

has_its_libraries() {
    local loader libraries
    loader=$(readelf --program-headers "${roots[$1]}/usr/local/bin/$1" | sed -n 's/.*program interpreter: \(.*\)\]$/\1/p')
    libraries=$(pod "$1" "$loader" --list "/usr/local/bin/$1" 2>&1) || true
    if [[ $libraries != *libc.so* || $libraries == *'not found'* ]]; then
        fail "$1 lacks libraries in its image: $libraries
The programs of quick must have been built on Debian bookworm; images/verify.sh alone builds them in an image of it"
    fi
    echo "$1 has its libraries: $(awk '/=>/ { printf "%s ", $1 }' <<<"$libraries")"
}

# Without settings, each ends with 64 and a sentence.
explains_itself() {
    local code=0 said
    said=$(pod "$1" "/usr/local/bin/$1" 2>&1) || code=$?
    [[ $code == 64 && $said == "$1: VITRINA_"*" is not set"* ]] || fail "without settings $1 ended with $code: $said"
}

every_service_ends() {
    local service
    for service in "${SERVICES[@]}"; do
        starts_and_ends "$service"
    done
}

starts_and_ends() {
    local service=$1 log=$work/$1.log first begun code=0
    # Not by `pod`, whose subshell would stand between.
    "$here/verify/pod.sh" "${roots[$service]}" "${AWAY[@]}" "/usr/local/bin/$service" >"$log" 2>&1 &
    running=$!
    if ! first=$(within_deadline serves_or_has_ended "$running" "$service") || [[ ! $first ]]; then
        fail "$service does not serve on $(exposed "$service")and nowhere else: $(tail -n 5 "$log")"
    fi
    begun=$EPOCHREALTIME
    kill -TERM "$first"
    within_deadline has_ended "$running" || fail "$service is still there $DEADLINE s after SIGTERM: $(tail -n 5 "$log")"
    wait "$running" || code=$?
    running=
    [[ $code == 0 ]] || fail "$service ended with $code after SIGTERM: $(tail -n 5 "$log")"
    grep -q '"shut down"' "$log" || fail "$service ended without having shut down: $(tail -n 5 "$log")"
    echo "$service served on $(exposed "$service")and ended with 0, $(awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }') s after SIGTERM"
}

# The pod of a check that failed: with its first process all of it goes.
end_pod() {
    local first
    [[ ${running:-} ]] && first=$(first_process "$running") || return 0
    kill -KILL "$first" 2>/dev/null || true
}

first_process() {
    local children
    children=$(cat "/proc/$1/task/$1/children" 2>/dev/null) && [[ $children ]] || return 1
    echo "${children%% *}"
}

serves_or_has_ended() {
    serves "$@" || has_ended "$1"
}

# Prints the number of the pod's first process when it listens where the image says, there alone, and is alive.
serves() {
    local service=$2 first ports
    first=$(first_process "$1") || return 1
    ports=$(nsenter --target "$first" --net ss --no-header --listening --tcp --numeric 2>/dev/null | awk '{ sub(/.*:/, "", $4); print $4 }' | sort -u | tr '\n' ' ')
    [[ $ports == "$(exposed "$service")" ]] || return 1
    nsenter --target "$first" --net curl --silent --fail --output /dev/null "http://127.0.0.1:$(exposed "$service" | awk '{ print $NF }')/livez" || return 1
    echo "$first"
}

# The operations port is the last of them.
exposed() {
    python3 -c 'import json, sys
print(*sorted(port.split("/")[0] for port in json.load(open(sys.argv[1]))["config"]["ExposedPorts"]), end=" ")' "$work/$1.json"
}

has_ended() {
    ! kill -0 "$1" 2>/dev/null
}

within_deadline() {
    local end=$((SECONDS + DEADLINE))
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# The chart's hook, twice: the second time there is nothing to do.
migrates() {
    local url count expected
    start_postgres
    url=postgresql://postgres@127.0.0.1:$postgres_port/postgres
    expected=$(find schema/migrations -name 'V*.sql' | wc -l)
    for _ in first second; do
        NETWORK=host pod catalog-admin "${AWAY[@]}" "VITRINA_PRIMARY__URL=$url" /usr/local/bin/catalog-admin migrate --wait 10m >"$work/migrate.log" 2>&1 ||
            fail "catalog-admin migrate failed: $(tail -n 5 "$work/migrate.log")"
        count=$(psql --no-psqlrc --tuples-only --no-align --command 'SELECT count(*) FROM refinery_schema_history' "$url")
        [[ $count == "$expected" ]] || fail "$count of $expected migrations were applied"
    done
    echo "$expected migrations, out of the image"
}

# Outside the project, whose folders PostgreSQL's user may not be allowed to enter.
start_postgres() {
    local programs as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    programs=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | sort -V | tail -n 1)
    postgres=$(mktemp --directory --tmpdir=/tmp vitrina-images.XXXXXX)
    postgres_port=$(python3 -c 'import socket; it = socket.socket(); it.bind(("127.0.0.1", 0)); print(it.getsockname()[1])')
    chown postgres: "$postgres"
    (
        cd "$postgres"
        "${as[@]}" "$programs/initdb" --pgdata="$postgres/data" --auth=trust --username=postgres --no-sync &&
            "${as[@]}" "$programs/pg_ctl" --pgdata="$postgres/data" --wait --log="$postgres/log" --options="-c listen_addresses=127.0.0.1 -c port=$postgres_port -c unix_socket_directories=$postgres -c fsync=off" start
    ) >"$work/postgres.log" 2>&1 || fail "PostgreSQL does not start: $(tail -n 5 "$work/postgres.log")"
    postgres_stop=("${as[@]}" "$programs/pg_ctl" --pgdata="$postgres/data" --mode=immediate --silent stop)
}

end_postgres() {
    [[ ${postgres:-} ]] || return 0
    (cd /tmp && "${postgres_stop[@]}") || true
    rm -rf "$postgres"
}

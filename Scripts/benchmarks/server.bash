# Shared by the benchmarks beside it: their programs and the Redis server of their own.
# shellcheck shell=bash disable=SC2034,SC2154

# The programs that run, by name.
declare -A process address

# Builds the named programs; `programs` is where they are then.
build() {
    step "Building (release)"
    local product
    for product in "$@"; do
        SMS_BENCHMARKS=yes swift build --package-path "$root" -c release --product "$product"
    done
    programs=$(SMS_BENCHMARKS=yes swift build --package-path "$root" -c release --show-bin-path)
}

need_whole_number() {
    [[ ${2:-} =~ ^[0-9]+$ && $2 =~ [1-9] ]] || fail "$1 needs a whole number above 0"
}

# The folder `scratch` for an append-only file that is measured: /tmp may be in memory. `stop` removes it.
make_folder_on_disk() { scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/$1.XXXXXX"); }

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts redis-server in the folder `scratch` and waits until it answers. Arguments are its options; `client_address` is
# what redis-cli needs to reach it.
start_redis() {
    setpriv --pdeathsig TERM -- redis-server "$@" --dir "$scratch" --save "" --loglevel warning >"$scratch/log" &
    server=$!
    until server_answers; do
        kill -0 "$server" 2>/dev/null || fail "redis-server ended at once: $(<"$scratch/log")"
        sleep 0.1
    done
}

# Starts redis-server for this alone, with its append-only file on disk in a folder of that name; `store` and `broker`
# are its databases.
start_redis_with_databases() {
    make_folder_on_disk "$1"
    results=$scratch/results
    local port
    port=$(free_port)
    client_address=(-h 127.0.0.1 -p "$port")
    store=redis://127.0.0.1:$port/2
    broker=redis://127.0.0.1:$port/3
    start_redis --bind 127.0.0.1 --port "$port" --appendonly yes --appendfsync everysec \
        --auto-aof-rewrite-percentage 0
    process[redis]=$server
}

# Starts a program in the background under that name, and waits until it answers HTTP on that port.
start_program() {
    local name=$1 port=$2
    address[$name]=http://127.0.0.1:$port
    setpriv --pdeathsig TERM -- "${@:3}" >"$scratch/$name.log" 2>&1 &
    process[$name]=$!
    until curl --silent --output "$scratch/answer" "${address[$name]}/favicon.ico"; do
        kill -0 "${process[$name]}" 2>/dev/null || fail "$name ended at once: $(tail -n 5 "$scratch/$name.log")"
        sleep 0.1
    done
}

stop_program() {
    { kill "${process[$1]}" && wait "${process[$1]}"; } 2>/dev/null || true
    unset "process[$1]"
}

# The programs, and then the server.
stop_all() {
    local name
    unset "process[redis]"
    for name in "${!process[@]}"; do
        stop_program "$name"
    done
    stop
}

# A program's process and those that it has started.
processes() {
    printf '%s ' "${process[$1]}"
    cat "/proc/${process[$1]}/task"/*/children
}

cpu_seconds() {
    local id ticks=0 fields
    for id in $(processes "$1"); do
        # Behind the name, which may hold blanks: user and system time are the 12th and the 13th.
        read -ra fields < <(sed 's/.*) //' "/proc/$id/stat")
        ticks=$((ticks + fields[11] + fields[12]))
    done
    awk "BEGIN { print $ticks / $(getconf CLK_TCK) }"
}

difference() { awk "BEGIN { print $1 - $2 }"; }

# The largest resident memory of a program since its start.
largest_kibibytes() {
    local id kibibytes=0
    for id in $(processes "$1"); do
        kibibytes=$((kibibytes + $(sed -nE 's/^VmHWM:\s+([0-9]+) kB$/\1/p' "/proc/$id/status")))
    done
    printf '%s' "$kibibytes"
}

# Starts a collector that takes spans and keeps none; `collector` is its URL.
start_trace_sink() {
    local port
    : >"$scratch/sink"
    setpriv --pdeathsig TERM -- python3 "$root/Scripts/benchmarks/trace_sink.py" >"$scratch/sink" &
    sink=$!
    until read -r port <"$scratch/sink"; do
        kill -0 "$sink" 2>/dev/null || fail "the collector of spans ended at once"
        sleep 0.1
    done
    collector=http://127.0.0.1:$port
}

ask() { redis-cli "${client_address[@]}" "$@"; }

# An empty database and an empty file.
clear() {
    ask flushall >/dev/null
    ask bgrewriteaof >/dev/null
    until ask info persistence | grep aof_rewrite_in_progress:0 >/dev/null &&
        ask info persistence | grep aof_rewrite_scheduled:0 >/dev/null; do
        sleep 0.1
    done
}

# It, and not another one that was quicker to take the port.
server_answers() {
    ask info server 2>/dev/null | tr -d '\r' | grep "^process_id:$server\$" >/dev/null
}

stop() {
    [[ -z ${sink:-} ]] || { kill "$sink" && wait "$sink"; } 2>/dev/null || true
    [[ -z ${server:-} ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    [[ -z ${scratch:-} ]] || rm -rf "$scratch"
}

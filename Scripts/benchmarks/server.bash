# Shared by the benchmarks beside it: their programs and the Redis server of their own.
# shellcheck shell=bash disable=SC2034,SC2154

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

# It, and not another one that was quicker to take the port.
server_answers() {
    ask info server 2>/dev/null | tr -d '\r' | grep "^process_id:$server\$" >/dev/null
}

stop() {
    [[ -z ${sink:-} ]] || { kill "$sink" && wait "$sink"; } 2>/dev/null || true
    [[ -z ${server:-} ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    [[ -z ${scratch:-} ]] || rm -rf "$scratch"
}

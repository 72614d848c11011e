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

ask() { redis-cli "${client_address[@]}" "$@"; }

# It, and not another one that was quicker to take the port.
server_answers() {
    ask info server 2>/dev/null | tr -d '\r' | grep "^process_id:$server\$" >/dev/null
}

stop() {
    [[ -z ${server:-} ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    [[ -z ${scratch:-} ]] || rm -rf "$scratch"
}

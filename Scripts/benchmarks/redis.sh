#!/usr/bin/env bash
# The Redis client beside a C program that pipelines with hiredis, and beside redis-benchmark.
#
#   --rounds <number>   how often to measure everything (default: 9, which takes about ten minutes)
#   --seconds <number>  how long one measurement takes (default: 0.5)
#   --unix              over a Unix socket instead of TCP on the loopback interface
#   --quick             one short round, in about a minute: to see that all works, too noisy to judge by
#   --check             exit with 1 when a target is missed
#
# It measures SET, GET and a small EVALSHA with values of 500 bytes, with one connection, by 1 to 1024 tasks at a time;
# for the C program and redis-benchmark that is the depth of the pipeline. The programs take turns within each round,
# and ratios are those of one round, so that a machine that is slow for a while is slow for all of them.
# Other work on the machine still spoils the figures: rather more rounds than longer ones.
# The Redis server is started for this alone, without persistence, and stopped in the end.
set -euo pipefail
# shellcheck source=Scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=Scripts/benchmarks/server.bash
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

rounds=9 seconds=0.5 memory_commands=10000000 memory_warm_up=500000
transport=tcp
report_options=()

operations=(set get evalsha)
depths=(1 16 64 256 1024)
script="local n = redis.call('INCR', KEYS[1]) return {n, ARGV[1]}"
value=$(printf 'x%.0s' {1..500})

main() {
    read_options "$@"
    need_swift
    need_packages "${benchmark_packages[@]}"
    build CRedisBenchmark RedisBenchmark
    trap stop EXIT
    trap 'exit 1' INT TERM HUP
    start_server
    say "$(nproc) processors, load average $(cut -d ' ' -f 1-3 /proc/loadavg); $(redis-server --version)"
    local round
    for ((round = 1; round <= rounds; round++)); do
        step "Round $round of $rounds"
        measure_round "$round"
    done
    step "Memory over $memory_commands commands"
    measure_memory
    step "Results"
    python3 "$root/Scripts/benchmarks/redis_report.py" "${report_options[@]}" "$results"
}

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            exit
            ;;
        --rounds) need_number "$@" && rounds=$2 && shift ;;
        --seconds) need_number "$@" && seconds=$2 && shift ;;
        --unix) transport=unix ;;
        --quick) rounds=1 seconds=0.4 memory_commands=300000 memory_warm_up=200000 ;;
        --check) report_options+=(--check) ;;
        *) fail "there is no option $1; see Scripts/bench redis --help" ;;
        esac
        shift
    done
}

need_number() {
    local shape='^[0-9]*\.?[0-9]+$'
    [[ $1 != --rounds ]] || shape='^[0-9]+$'
    [[ ${2:-} =~ $shape && $2 =~ [1-9] ]] || fail "$1 needs a number above 0"
}

start_server() {
    scratch=$(mktemp -d)
    results=$scratch/results
    local listen
    if [[ $transport == unix ]]; then
        listen=(--port 0 --unixsocket "$scratch/redis.sock")
        client_address=(-s "$scratch/redis.sock")
        c_address=(--socket "$scratch/redis.sock")
        swift_address=(--url "unix://$scratch/redis.sock")
    else
        local port
        port=$(free_port)
        listen=(--bind 127.0.0.1 --port "$port")
        client_address=(-h 127.0.0.1 -p "$port")
        c_address=(--host 127.0.0.1 --port "$port")
        swift_address=(--url "redis://127.0.0.1:$port/0")
    fi
    start_redis "${listen[@]}" --appendonly no
    digest=$(ask script load "$script")
}

measure_round() {
    local operation depth
    for operation in "${operations[@]}"; do
        say "$operation"
        for depth in "${depths[@]}"; do
            measure "$1" "$operation" "$depth"
        done
    done
}

# The four programs one after the other, each for about the same time.
measure() {
    local round=$1 operation=$2 depth=$3 warm_up yardstick
    warm_up=$(awk "BEGIN { print $seconds / 5 }")
    local duration=(--seconds "$seconds" --warm-up "$warm_up")
    local swift=(
        "$programs/RedisBenchmark" throughput "$operation" --tasks "$depth" "${duration[@]}" "${swift_address[@]}")
    local cell=("$round" "$operation" "$depth")
    yardstick=$("$programs/CRedisBenchmark" "$operation" --depth "$depth" "${duration[@]}" "${c_address[@]}")
    record c "${cell[@]}" "$yardstick"
    record pool "${cell[@]}" "$("${swift[@]}")"
    record loop "${cell[@]}" "$("${swift[@]}" --on-event-loop)"
    record redis-benchmark "${cell[@]}" "$(redis_benchmark "$operation" "$depth" "$(operations_in "$yardstick")")"
}

# The keys are those of the other programs. It wants to be told how many commands, not how long.
redis_benchmark() {
    local command
    case $1 in
    set) command=(set benchmark:string "$value") ;;
    get) command=(get benchmark:string) ;;
    evalsha) command=(evalsha "$digest" 1 benchmark:counter "$value") ;;
    esac
    redis-benchmark "${client_address[@]}" -c 1 -P "$2" -n "$3" --csv "${command[@]}" |
        sed -nE '$s/^"[^"]*","([0-9.]+)".*/{"rate": \1}/p'
}

operations_in() { sed -E 's/.*"operations": ([0-9]+).*/\1/' <<<"$1"; }

record() {
    [[ -n $5 ]] || fail "$1 printed no result"
    printf '{"program": "%s", "round": %d, "operation": "%s", "depth": %d, "result": %s}\n' "$@" >>"$results"
}

measure_memory() {
    local memory=(
        "$programs/RedisBenchmark" memory --tasks 256 --count "$memory_commands" --warm-up "$memory_warm_up"
        "${swift_address[@]}")
    record pool 1 memory 256 "$("${memory[@]}")"
    record loop 1 memory 256 "$("${memory[@]}" --on-event-loop)"
}

main "$@"

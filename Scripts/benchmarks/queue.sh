#!/usr/bin/env bash
# The task queue beside the real Celery, and beside a C program that takes the same steps in Redis.
#
#   --rounds <number>   how often to measure everything (default: 5, which takes about twenty minutes)
#   --observed          measure only what metrics and traces cost: half a minute a round
#   --quick             one short round, in about two minutes: to see that all works, too noisy to judge by
#   --check             exit with 1 when a target is missed
#
# It measures
#   - jobs a second: tasks that do nothing, whose messages have 500 bytes with us, enqueued by one process, then worked
#     off by one: our worker (64 tasks at once, acknowledged when done; its tasks on Swift's global pool as it comes, or
#     on the client's event loop), Celery's (-c 2, acknowledged early or late, otherwise as it comes), and the floor,
#     the C program: it claims 64 and settles 64, with our own Lua scripts.
#     The time runs from the first job taken until list and claims are empty, looked at from outside, with LLEN;
#   - what metrics and traces cost such a worker: with none, with metrics, and with every run exported as a span to a
#     collector on this machine, which shares its processors;
#   - the time from sending to the start of the task when the worker is idle: 50 jobs a second from another process;
#   - the cost of 20,000 jobs while so many others wait: 1,000 to 2,000,000;
#   - the worker's resident memory over 5,000,000 jobs;
#   - the bytes that a waiting job takes in Redis;
#   - the processor time to read a message, ours beside Foundation's decoder.
# The programs take turns within each round, and ratios are those of one round, so that a machine that is slow for a
# while is slow for all of them.
# The Redis server is started for this alone, with its append-only file on disk (appendfsync everysec), and stopped in
# the end. Two million waiting jobs take about 2 GB of memory, and 3 GB of disk below TMPDIR (default: /var/tmp).
set -euo pipefail
# shellcheck source=Scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=Scripts/benchmarks/server.bash
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

rounds=5
jobs=300000 celery_jobs=5000
latency_jobs=1000
observed_jobs=300000 observed_passes=3
backlogs=(1000 10000 100000 1000000 2000000)
backlog_jobs=20000 backlog_warm_up=2000
memory_jobs=5000000
size_jobs=10000
message_bytes=500
report_options=()
observed_only=no

main() {
    read_options "$@"
    need_swift
    need_packages "${benchmark_packages[@]}" python3-venv
    need_test_python
    build CQueueBenchmark QueueBenchmark
    trap stop EXIT
    trap 'exit 1' INT TERM HUP
    start_server
    start_trace_sink
    say "$(nproc) processors, load average $(cut -d ' ' -f 1-3 /proc/loadavg); $(redis-server --version)"
    choose_text
    local round
    for ((round = 1; round <= rounds; round++)); do
        step "Round $round of $rounds"
        measure_observation "$round"
        [[ $observed_only == no ]] || continue
        measure_throughput "$round"
        measure_latency "$round"
        measure_backlogs "$round"
    done
    [[ $observed_only == yes ]] || measure_once
    step "Results"
    python3 "$root/Scripts/benchmarks/queue_report.py" "${report_options[@]}" "$results"
}

# What does not depend on how busy the machine is.
measure_once() {
    step "Bytes of a waiting job"
    measure_sizes
    step "Reading a message"
    record decode ours 1 "" "$("$programs/QueueBenchmark" decode --bytes "$message_bytes")"
    step "Memory over $memory_jobs jobs"
    measure_memory
}

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            exit
            ;;
        --rounds) need_whole_number "$@" && rounds=$2 && shift ;;
        --observed) observed_only=yes ;;
        --quick)
            rounds=1 observed_jobs=100000 observed_passes=1
            jobs=60000 celery_jobs=2000 latency_jobs=250 memory_jobs=200000
            backlogs=(1000 10000 100000)
            ;;
        --check) report_options+=(--check) ;;
        *) fail "there is no option $1; see Scripts/bench queue --help" ;;
        esac
        shift
    done
}

# The append-only file is rewritten between measurements only, in `clear`: a rewrite of the server's own accord would
# slow down whoever is measured then.
start_server() {
    make_folder_on_disk queue-benchmark
    results=$scratch/results
    port=$(free_port)
    url=redis://127.0.0.1:$port/0
    client_address=(-h 127.0.0.1 -p "$port")
    floor=("$programs/CQueueBenchmark" --scripts "$root/Sources/TaskQueue/Scripts" --port "$port")
    start_redis --bind 127.0.0.1 --port "$port" --appendonly yes --appendfsync everysec \
        --auto-aof-rewrite-percentage 0
}

# The programs, each with its options for this server.

enqueue() { "$programs/QueueBenchmark" enqueue "$@" --url "$url"; }

celery_enqueue() {
    QUEUE_BENCHMARK_BROKER=$url PYTHONDONTWRITEBYTECODE=1 "$test_python/bin/python" "$root/Scripts/benchmarks/queue_celery.py" "$@"
}

drain() {
    local claims=$1
    shift
    sync --file-system "$scratch"
    "$test_python/bin/python" "$root/Scripts/benchmarks/queue_drain.py" --port "$port" --claims "$claims" --log "$scratch/workers" \
        -- "$@" || fail "the worker's last words: $(tail -n 5 "$scratch/workers")"
}

drain_with_celery() {
    QUEUE_BENCHMARK_BROKER=$url PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/Scripts/benchmarks \
        drain unacked "$test_python/bin/python" -m celery -A queue_celery worker -c 2
}

# Starts one of ours in the background and waits until it takes messages.
start_worker() {
    setpriv --pdeathsig TERM -- "$programs/QueueBenchmark" "$@" --url "$url" >"$scratch/result" &
    worker=$!
    until grep --quiet ready "$scratch/result"; do
        kill -0 "$worker" 2>/dev/null || fail "QueueBenchmark $1 ended at once"
        sleep 0.1
    done
}

# Waits for its end; sets `result`.
finish_worker() {
    wait "$worker" || fail "QueueBenchmark ended with an error"
    result=$(tail -n 1 "$scratch/result")
}

# Adds a result: what was measured, of which program, in which round, in which case.
record() {
    [[ -n $5 ]] || fail "$2 printed no result"
    printf '{"measure": "%s", "program": "%s", "round": %d, "case": "%s", "result": %s}\n' "$@" >>"$results"
}

# The arguments that make our message as long as wanted; all programs get the same.
choose_text() {
    local empty
    clear
    enqueue text --count 1 >/dev/null
    empty=$(message_length)
    text=(--text-length "$((empty < message_bytes ? message_bytes - empty : 0))")
    clear
    enqueue text "${text[@]}" --count 1 >/dev/null
    record message ours 1 text "$(message_length)"
    clear
    celery_enqueue text "${text[@]}" --count 1 >/dev/null
    record message celery 1 text "$(message_length)"
}

# Without the line's end that redis-cli adds.
message_length() { echo $(($(ask --raw lindex celery 0 | wc --bytes) - 1)); }

measure_throughput() {
    local round=$1 result
    say "enqueue and work off"
    clear
    result=$(enqueue text "${text[@]}" --count "$jobs")
    record enqueue ours "$round" "" "$result"
    result=$(drain '{celery}:claimed:*' "$programs/QueueBenchmark" work --url "$url")
    record drain ours "$round" "" "$result"

    clear
    enqueue text "${text[@]}" --count "$jobs" >/dev/null
    result=$(drain '{celery}:claimed:*' "$programs/QueueBenchmark" work --on-event-loop --url "$url")
    record drain ours-loop "$round" "" "$result"

    clear
    enqueue text "${text[@]}" --count "$jobs" >/dev/null
    result=$(drain '{celery}:claimed:*' "${floor[@]}")
    record drain floor "$round" "" "$result"

    clear
    result=$(celery_enqueue text "${text[@]}" --count "$celery_jobs")
    record enqueue celery "$round" "" "$result"
    result=$(QUEUE_BENCHMARK_ACKS_LATE=yes drain_with_celery)
    record drain celery-late "$round" "" "$result"

    clear
    celery_enqueue text "${text[@]}" --count "$celery_jobs" >/dev/null
    result=$(drain_with_celery)
    record drain celery-early "$round" "" "$result"
}

# The same worker without metrics, with them, and with traces as well. They take turns, and a pass of all three lasts a
# few seconds; each pass begins with another one.
measure_observation() {
    local pass first index kind result kinds=(off metrics traces)
    say "metrics and traces"
    clear
    for ((pass = ($1 - 1) * observed_passes + 1; pass <= $1 * observed_passes; pass++)); do
        for ((first = pass % 3, index = 0; index < 3; index++)); do
            kind=${kinds[(first + index) % 3]}
            enqueue text "${text[@]}" --fill-to $((observed_jobs + backlog_warm_up)) >/dev/null
            sync --file-system "$scratch"
            result=$(observed_work "$kind" --jobs "$observed_jobs" --warm-up "$backlog_warm_up" --url "$url" | tail -n 1)
            record observation "$kind" "$pass" "" "$result"
        done
    done
}

observed_work() {
    local kind=$1
    shift
    case $kind in
    off) "$programs/QueueBenchmark" work "$@" ;;
    metrics) "$programs/QueueBenchmark" work --metrics "$@" ;;
    traces) OTEL_EXPORTER_OTLP_ENDPOINT=$collector "$programs/QueueBenchmark" work --metrics "$@" ;;
    esac
}

measure_latency() {
    local warm_up=20 result
    say "idle"
    clear
    start_worker latency --jobs "$latency_jobs" --warm-up "$warm_up"
    enqueue timed --rate 50 --count $((latency_jobs + warm_up)) >/dev/null
    finish_worker
    record latency ours "$1" "" "$result"
}

# The list grows from one backlog to the next. The jobs that are measured come on top of it. They take a fraction of a
# second, so there are three passes in each round.
measure_backlogs() {
    local round=$1 backlog pass result passes=3
    local portion=(--jobs "$backlog_jobs" --warm-up "$backlog_warm_up")
    clear
    for backlog in "${backlogs[@]}"; do
        say "$backlog waiting"
        for ((pass = (round - 1) * passes + 1; pass <= round * passes; pass++)); do
            fill "$backlog"
            result=$("${floor[@]}" "${portion[@]}")
            record backlog floor "$pass" "$backlog" "$result"
            fill "$backlog"
            result=$("$programs/QueueBenchmark" work "${portion[@]}" --url "$url" | tail -n 1)
            record backlog ours "$pass" "$backlog" "$result"
        done
    done
    clear
}

# The backlog and the jobs on top of it. What the server has written for them is brought to the disk first, or it would
# be in the way of what is measured.
fill() {
    enqueue text "${text[@]}" --fill-to $(($1 + backlog_jobs + backlog_warm_up)) >/dev/null
    sync --file-system "$scratch"
}

# The tutorial's own task, with and without an expiry.
measure_sizes() {
    local case options
    for case in plain expires; do
        options=(--count "$size_jobs")
        [[ $case == plain ]] || options+=(--expires 300)
        clear
        enqueue code "${options[@]}" >/dev/null
        record size ours 1 "$case" "$(list_size)"
        clear
        celery_enqueue code "${options[@]}" >/dev/null
        record size celery 1 "$case" "$(list_size)"
    done
}

list_size() {
    printf '{"jobs": %d, "bytes": %d, "message": %d}' "$(ask llen celery)" "$(ask memory usage celery samples 0)" \
        "$(message_length)"
}

# No time is measured here, so that the server may rewrite its file, which would grow to 7 GB.
measure_memory() {
    local result
    clear
    ask config set auto-aof-rewrite-percentage 100 >/dev/null
    start_worker memory --jobs "$memory_jobs"
    enqueue text "${text[@]}" --count "$memory_jobs" --keep-below 100000 >/dev/null
    finish_worker
    record memory ours 1 "" "$result"
}

main "$@"

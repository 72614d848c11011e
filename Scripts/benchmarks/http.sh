#!/usr/bin/env bash
# The HTTP service under load, beside its own cheapest route, the tutorial in Django with Celery, and FastAPI.
#
#   --rounds <number>   how often to measure everything (default: 5, which takes about five minutes)
#   --seconds <number>  how long one measurement takes (default: 5)
#   --observed          measure only what metrics and traces cost, of one route
#   --route <name>      measure the sending through `tutorial` or `v1` alone (default: both)
#   --sms-api <file>    measure that program instead of building it
#   --quick             one short round, in about half a minute: to see that all works, too noisy to judge by
#   --check             exit with 1 when a target is missed
#
# wrk keeps 64 connections busy. It measures requests a second, the time to the answer, and the processor time of the
# server and of Redis:
#   - the tutorial's route of sms-api, and POST /v1/verifications: each request brings a captcha that is good and a
#     number that was not seen before, and puts a job on the queue. Limits are charged, but so high that none bites;
#   - GET /favicon.ico of the same server, answered from memory: what HTTP alone costs here, with the same middleware;
#   - the first of these routes again, of a server without metrics (--operations-port 0), and of one that exports each
#     request as a span to a collector on this machine, which shares its processors;
#   - the tutorial's view in Django with gunicorn (2 workers), django-redis and Celery's `.delay()`;
#   - the same steps in FastAPI with uvicorn (1 worker, uvloop, httptools), redis.asyncio and an LPUSH by hand.
# Captchas are put into Redis before each measurement, 40,000 for each second. Afterwards the jobs on the queue are
# counted: a run whose answers were not all successes ends with an error, since a refusal is cheaper than a success.
# The programs take turns within each round, and ratios are those of one round, so that a machine that is slow for a
# while is slow for all of them. wrk and Redis run on the same machine, and share its processors with the server.
# The Redis server is started for this alone, with its append-only file on disk (appendfsync everysec), and stopped in
# the end.
set -euo pipefail
# shellcheck source=Scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=Scripts/benchmarks/server.bash
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

rounds=5 seconds=5 warm_up=1
connections=64 threads=1
captchas_a_second=40000
routes=(tutorial v1) others=(page fastapi django)
sms_api=
report_options=()
limits=$root/Scripts/benchmarks/http_limits.txt
http_python=$root/.build/http-python

main() {
    read_options "$@"
    need_packages "${build_packages[@]}" "${run_packages[@]}" redis-tools python3 python3-venv wrk
    need_python_packages "$root/Scripts/benchmarks/http_requirements.txt" "$http_python"
    if [[ -z $sms_api ]]; then
        need_swift
        build sms-api
        sms_api=$programs/sms-api
    fi
    trap stop_all EXIT
    trap 'exit 1' INT TERM HUP
    start_redis_with_databases http-benchmark
    start_programs
    say "$(nproc) processors, load average $(cut -d ' ' -f 1-3 /proc/loadavg); $(redis-server --version)"
    local round load loads
    [[ ${#others[@]} -gt 0 ]] || routes=("${routes[0]}")
    loads=("${routes[@]}" "${routes[0]}-off" "${routes[0]}-traces" "${others[@]}")
    for ((round = 1; round <= rounds; round++)); do
        step "Round $round of $rounds"
        for load in "${loads[@]}"; do
            say "$load"
            measure "$round" "$load"
        done
    done
    record_memory
    step "Results"
    python3 "$root/Scripts/benchmarks/http_report.py" "${report_options[@]}" "$results"
}

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            exit
            ;;
        --rounds) need_whole_number "$@" && rounds=$2 && shift ;;
        --seconds) need_whole_number "$@" && seconds=$2 && shift ;;
        --route)
            [[ ${2:-} == tutorial || ${2:-} == v1 ]] || fail "$1 needs tutorial or v1"
            routes=("$2") && shift
            ;;
        --observed) others=() ;;
        --sms-api)
            [[ -x ${2:-} ]] || fail "$1 needs a program"
            sms_api=$(realpath "$2") && shift
            ;;
        --quick) rounds=1 seconds=2 ;;
        --check) report_options+=(--check) ;;
        *) fail "there is no option $1; see Scripts/bench http --help" ;;
        esac
        shift
    done
}

start_programs() {
    local port
    export HTTP_BENCHMARK_STORE=$store HTTP_BENCHMARK_BROKER=$broker
    export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/Scripts/benchmarks
    start_trace_sink
    start_api sms-api "$(free_port)"
    start_api sms-api-off 0
    OTEL_EXPORTER_OTLP_ENDPOINT=$collector start_api sms-api-traces "$(free_port)"
    [[ ${#others[@]} -gt 0 ]] || return 0
    port=$(free_port)
    start_program fastapi "$port" \
        "$http_python/bin/uvicorn" --port "$port" --loop uvloop --http httptools --no-access-log --log-level warning \
        http_fastapi:app
    port=$(free_port)
    start_program django "$port" \
        "$http_python/bin/gunicorn" --bind "127.0.0.1:$port" --workers 2 --log-level warning http_django
}

# sms-api under that name, with that port for its metrics.
start_api() {
    local port
    port=$(free_port)
    start_program "$1" "$port" \
        "$sms_api" --port "$port" --operations-port "$2" --store "$store" --broker "$broker" --limits "$limits"
}

# One program under one load, warmed up, with an empty database but for its captchas.
measure() {
    local round=$1 load=$2 program=sms-api route=$2 path=/ result jobs jobs_before cpu cpu_before redis_cpu redis_before
    case $load in
    *-off | *-traces) program=sms-api-${load##*-} route=${load%-*} ;;
    page) path=/favicon.ico ;;
    fastapi | django) program=$load route=tutorial ;;
    esac
    clear
    store_captchas "$route"
    run_wrk "$program" "$path" "$route" 0 "$warm_up" >/dev/null
    jobs_before=$(settled_jobs)
    cpu_before=$(cpu_seconds "$program") redis_before=$(cpu_seconds redis)
    result=$(run_wrk "$program" "$path" "$route" $((warm_up * captchas_a_second)) "$seconds")
    cpu=$(difference "$(cpu_seconds "$program")" "$cpu_before")
    redis_cpu=$(difference "$(cpu_seconds redis)" "$redis_before")
    jobs=$(($(settled_jobs) - jobs_before))
    [[ $load == page ]] || all_succeeded "$result" "$jobs" || fail "$load did not send all codes; jobs: $jobs, $result"
    record load "$load" "$round" \
        "{\"load\": $result, \"jobs\": $jobs, \"cpuSeconds\": $cpu, \"redisCPUSeconds\": $redis_cpu}"
}

# What the server has written for them is brought to the disk first, or it would be in the way of what is measured.
store_captchas() {
    [[ $1 != page ]] || return 0
    python3 "$root/Scripts/benchmarks/http_captchas.py" "$1" --count $(((warm_up + seconds) * captchas_a_second)) |
        ask -n 2 --pipe >/dev/null
    sync --file-system "$scratch"
}

run_wrk() {
    local program=$1 path=$2 route=$3 first=$4 duration=$5
    wrk --connections "$connections" --threads "$threads" --duration "$duration" \
        --script "$root/Scripts/benchmarks/http_wrk.lua" "${address[$program]}$path" -- \
        "$route" "$first" "$threads" | tail -n 1
}

# How many jobs are on the queue once the requests are done that wrk has not waited for.
settled_jobs() {
    local jobs=-1 before
    until [[ $jobs == "${before:-}" ]]; do
        before=$jobs
        sleep 0.3
        jobs=$(ask -n 3 llen celery)
    done
    printf '%s' "$jobs"
}

# A job for each answer. One in a thousand may be missing, of connections that broke.
all_succeeded() {
    local requests
    requests=$(sed -E 's/.*"requests": ([0-9]+).*/\1/' <<<"$1")
    ((requests > 0 && $2 * 1000 >= requests * 999))
}

record_memory() {
    local name
    for name in "${!process[@]}"; do
        record memory "$name" 1 "$(largest_kibibytes "$name")"
    done
}

# Adds a result: what was measured, of which program, in which round.
record() {
    printf '{"measure": "%s", "program": "%s", "round": %d, "result": %s}\n' "$@" >>"$results"
}

main "$@"

#!/usr/bin/env bash
# The sending of messages: sms-worker and sms-api against sms-sandbox, with its first provider dying too.
#
#   --rounds <number>     how often to measure everything (default: 3, which takes about five minutes)
#   --seconds <number>    how long one measurement with wrk takes (default: 6)
#   --only <parts>        measure only these, of gateway,drain,drill,accept (default: all)
#   --programs <folder>   measure the sms-api, sms-worker and sms-sandbox in there instead of building them
#   --quick               one short round, in about a minute: to see that all works, too noisy to judge by
#   --check               exit with 1 when a target is missed
#
# It measures
#   - gateway: what the sandbox serves when it answers at once: signed requests from wrk, over 64 connections;
#   - drain: how fast `sms-worker -c 512` works 60,000 jobs off against a sandbox that takes 50 ms for each answer, from
#     the first tenth of them to the last, beside wrk with as many connections, the same requests and the same sandbox;
#   - drill: 500 jobs a second for 20 seconds to a worker with two providers. The first one's sandbox is killed after 6
#     seconds, and started again after 12. No job may be lost, and only a message of which nobody knew whether it had
#     been sent may be sent twice;
#   - accept: the time from a request at sms-api, which puts the job on the queue, to the message in the sandbox, at 200
#     requests a second.
# Whatever is measured, the jobs and the messages are counted afterwards: what was refused is no result.
# wrk, Redis and the sandbox run on the same machine, and share its processors with what is measured. The Redis server
# is started for this alone, with its append-only file on disk (appendfsync everysec), and stopped in the end.
set -euo pipefail
# shellcheck source=Scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=Scripts/benchmarks/server.bash
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

benchmarks=$root/Scripts/benchmarks
known_parts=(gateway drain drill accept)
parts=("${known_parts[@]}")
rounds=3 seconds=6
jobs=60000 concurrency=512 slow_answers='[{"latency_ms": 50}]'
drill=(--rate 500 --seconds 20 --kill-at 6 --restart-at 12)
accept=(--rate 200 --seconds 10)
programs=
report_options=()

main() {
    read_options "$@"
    need_packages "${build_packages[@]}" "${run_packages[@]}" redis-tools python3 wrk
    if [[ -z $programs ]]; then
        need_swift
        build sms-api sms-worker sms-sandbox
    fi
    trap stop_all EXIT
    trap 'exit 1' INT TERM HUP
    export PYTHONDONTWRITEBYTECODE=1
    start_redis_with_databases sends-benchmark
    read_account
    say "$(nproc) processors, load average $(cut -d ' ' -f 1-3 /proc/loadavg); $(redis-server --version)"
    local round part result
    for ((round = 1; round <= rounds; round++)); do
        step "Round $round of $rounds"
        for part in "${parts[@]}"; do
            say "$part"
            clear
            result=$("measure_$part")
            record "$part" "$round" "$result"
        done
    done
    step "Results"
    python3 "$benchmarks/sends_report.py" "${report_options[@]}" "$results"
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
        --only) need_parts "$@" && shift ;;
        --programs)
            [[ -x ${2:-}/sms-worker ]] || fail "$1 needs a folder with sms-api, sms-worker and sms-sandbox"
            programs=$(realpath "$2") && shift
            ;;
        --quick)
            rounds=1 seconds=2 jobs=6000
            drill=(--rate 100 --seconds 8 --kill-at 2 --restart-at 4)
            accept=(--rate 100 --seconds 2)
            ;;
        --check) report_options+=(--check) ;;
        *) fail "there is no option $1; see Scripts/bench sends --help" ;;
        esac
        shift
    done
}

need_parts() {
    local part
    IFS=, read -ra parts <<<"${2:-}"
    [[ ${#parts[@]} -gt 0 ]] || fail "$1 needs parts, with commas: ${known_parts[*]}"
    for part in "${parts[@]}"; do
        [[ " ${known_parts[*]} " == *" $part "* ]] || fail "$1: there is no part $part; known are ${known_parts[*]}"
    done
}

# The accounts that the sandbox knows, as it prints them for sms-worker.
read_account() {
    local setting
    start_sandbox sandbox "$(free_port)"
    while read -r setting; do
        export "${setting?}"
    done < <(sed -nE 's/^ +(SMS_(YUNTONGXUN|TWILIO)_[A-Z_]+=.*)$/\1/p' "$scratch/sandbox.log")
    stop_program sandbox
    [[ -n ${SMS_YUNTONGXUN_ACCOUNT_SID:-} && -n ${SMS_TWILIO_ACCOUNT_SID:-} ]] || fail "sms-sandbox printed no settings"
}

# A sandbox on that port under that name, with its further options.
start_sandbox() {
    start_program "$1" "$2" "$programs/sms-sandbox" --port "$2" --number-interval 0 --log-level warning "${@:3}"
}

start_worker() {
    local port
    port=$(free_port)
    start_program worker "$port" "$programs/sms-worker" --broker "$broker" --operations-port "$port" \
        --log-level warning "$@"
}

# Each part prints its result.

measure_gateway() {
    local result cpu
    start_sandbox sandbox "$(free_port)"
    cpu=$(cpu_seconds sandbox)
    result=$(run_wrk 64)
    cpu=$(difference "$(cpu_seconds sandbox)" "$cpu")
    printf '{"load": %s, "cpuSeconds": %s, "accepted": %s}' "$result" "$cpu" "$(accepted_messages)"
    stop_program sandbox
}

measure_drain() {
    local direct begun ended
    start_sandbox sandbox "$(free_port)" --faults "$slow_answers"
    direct=$(run_wrk "$concurrency")
    curl --silent --fail --output "$scratch/answer" --request POST "${address[sandbox]}/reset"
    python3 "$benchmarks/sends_jobs.py" --count "$jobs" | ask -n 3 --pipe >/dev/null
    sync --file-system "$scratch"
    SMS_YUNTONGXUN_BASE_URL=${address[sandbox]} start_worker --concurrency "$concurrency" --provider yuntongxun
    wait_for_sent $((jobs / 10))
    begun=$(standing)
    wait_for_sent $((jobs * 9 / 10))
    ended=$(standing)
    wait_for_sent "$jobs"
    printf '{"direct": %s, "begun": %s, "ended": %s, "jobs": %d, "accepted": %s, "workerKibibytes": %s}' \
        "$direct" "$begun" "$ended" "$jobs" "$(accepted_messages)" "$(largest_kibibytes worker)"
    stop_program worker
    stop_program sandbox
}

measure_drill() {
    local first second
    first=$(free_port)
    second=$(free_port)
    start_sandbox second "$second"
    SMS_YUNTONGXUN_BASE_URL=http://127.0.0.1:$first SMS_TWILIO_BASE_URL=${address[second]} \
        start_worker --concurrency 64 --provider yuntongxun,twilio
    python3 "$benchmarks/sends_drill.py" "${drill[@]}" --redis "$broker" --first "$first" --second "$second" \
        -- "$programs/sms-sandbox" --port "$first" --number-interval 0 --log-level warning 2>"$scratch/drill.log" ||
        fail "the drill: $(tail -n 5 "$scratch/drill.log")"
    stop_program worker
    stop_program second
}

measure_accept() {
    local port
    port=$(free_port)
    start_sandbox sandbox "$(free_port)"
    SMS_YUNTONGXUN_BASE_URL=${address[sandbox]} start_worker --provider yuntongxun
    start_program api "$port" "$programs/sms-api" --port "$port" --operations-port 0 --store "$store" \
        --broker "$broker" --limits "$benchmarks/http_limits.txt" --log-level warning
    python3 "$benchmarks/http_captchas.py" tutorial --count 10000 | ask -n 2 --pipe >/dev/null
    python3 "$benchmarks/sends_accept.py" "${accept[@]}" --api "${address[api]}" --sandbox "${address[sandbox]}" \
        2>"$scratch/accept.log" || fail "accept: $(tail -n 5 "$scratch/accept.log")"
    stop_program api
    stop_program worker
    stop_program sandbox
}

# Signed requests to the sandbox over so many connections.
run_wrk() {
    local account=$SMS_YUNTONGXUN_ACCOUNT_SID time signature path authorization
    # China's time, eight hours ahead, which is the vendor's.
    time=$(TZ=UTC-8 date +%Y%m%d%H%M%S)
    signature=$(printf '%s' "$account$SMS_YUNTONGXUN_AUTH_TOKEN$time" | md5sum | cut -d ' ' -f 1)
    path="/2013-12-26/Accounts/$account/SMS/TemplateSMS?sig=${signature^^}"
    authorization=$(printf '%s' "$account:$time" | base64 --wrap 0)
    wrk --connections "$1" --threads 1 --duration "$seconds" --script "$benchmarks/http_wrk.lua" \
        "${address[sandbox]}/" -- gateway 0 1 "$path" "$authorization" "$SMS_YUNTONGXUN_APP_ID" | tail -n 1
}

accepted_messages() {
    curl --silent --fail "${address[sandbox]}/stats" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["accepted"])'
}

wait_for_sent() {
    until [[ $(sent_jobs) -ge $1 ]]; do
        kill -0 "${process[worker]}" 2>/dev/null || fail "sms-worker ended: $(tail -n 5 "$scratch/worker.log")"
        sleep 0.1
    done
}

# Jobs that were worked off with success. Others do not end before the benchmark does.
sent_jobs() {
    local sent
    sent=$(ask -n 3 hget '{celery}:stats' succeeded)
    printf '%s' "${sent:-0}"
}

# How many are sent by now, and what that has cost in processor time.
standing() {
    printf '{"time": %s, "sent": %s, "worker": %s, "sandbox": %s, "redis": %s}' "$(date +%s.%N)" "$(sent_jobs)" \
        "$(cpu_seconds worker)" "$(cpu_seconds sandbox)" "$(cpu_seconds redis)"
}

# Adds a result: of which part, in which round.
record() { printf '{"part": "%s", "round": %d, "result": %s}\n' "$@" >>"$results"; }

main "$@"

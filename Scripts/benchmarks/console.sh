#!/usr/bin/env bash
# How long the pages of the console take while very many jobs wait.
#
#   --jobs <number>    how many jobs wait (default: 1000000)
#   --rounds <number>  how often each page is asked for (default: 5)
#   --check            exit with 1 when a page takes longer than it may
#
# Each page says in Server-Timing how many milliseconds it took; it may take 300, in each round. The search of the whole
# queue for one job is told too, and may take longer: its page says that it will.
# The Redis server is started for this alone, without persistence, and stopped in the end. A million jobs take about a
# gigabyte of memory.
set -euo pipefail
# shellcheck source=Scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=Scripts/benchmarks/server.bash
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

jobs=1000000 rounds=5 most=300
check=no

main() {
    read_options "$@"
    need_swift
    need_packages redis-server redis-tools python3 curl
    build sms-queue
    trap end EXIT
    trap 'exit 1' INT TERM HUP
    scratch=$(mktemp -d)
    local port
    port=$(free_port)
    client_address=(-p "$port")
    start_redis --port "$port" --bind 127.0.0.1
    say "$(nproc) processors, load average $(cut -d ' ' -f 1-3 /proc/loadavg); $(redis-server --version)"
    step "Putting $jobs jobs on the queue"
    fill
    start_console "redis://127.0.0.1:$port/0"
    step "Results"
    measure
}

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            exit
            ;;
        --jobs) need_whole_number "$@" && jobs=$2 && shift ;;
        --rounds) need_whole_number "$@" && rounds=$2 && shift ;;
        --check) check=yes ;;
        *) fail "there is no option $1; see Scripts/bench console --help" ;;
        esac
        shift
    done
}

# Jobs as a producer writes them: all wait, beside a thousand that are scheduled and a thousand dead letters.
fill() {
    local answer
    answer=$(LC_ALL=C awk -v jobs="$jobs" '
        function send(words, count, i) {
            printf "*%d\r\n", count
            for (i = 1; i <= count; i++) printf "$%d\r\n%s\r\n", length(words[i]), words[i]
        }
        function message(id) {
            return "{\"body\": \"[[\\\"13800138000\\\", \\\"123456\\\"], {}, {\\\"callbacks\\\": null}]\", " \
                "\"content-encoding\": \"utf-8\", \"content-type\": \"application/json\", \"headers\": " \
                "{\"lang\": \"py\", \"task\": \"send_code\", \"id\": \"" id "\", \"retries\": 0, " \
                "\"eta\": null, \"expires\": null, \"origin\": \"bench\"}, \"properties\": " \
                "{\"priority\": 0, \"delivery_tag\": \"" id "\", \"delivery_mode\": 2}}"
        }
        BEGIN {
            for (i = 1; i <= jobs; i++) {
                w[1] = "LPUSH"; w[2] = "celery"; w[3] = message("job-" i)
                send(w, 3)
            }
            for (i = 1; i <= 1000; i++) {
                w[1] = "ZADD"; w[2] = "{celery}:scheduled"; w[3] = 99999999999999; w[4] = message("scheduled-" i)
                send(w, 4)
                w[2] = "{celery}:dead"; w[3] = i; w[4] = "letter-" i
                send(w, 4)
                w[1] = "HSET"; w[2] = "{celery}:dead:messages"; w[3] = "letter-" i; w[4] = message("dead-" i)
                send(w, 4)
            }
            w[1] = "HSET"; w[2] = "{celery}:stats"; w[3] = "enqueued"; w[4] = jobs
            send(w, 4)
        }' | ask --pipe) || fail "Redis did not take the jobs: $answer"
    [[ $(ask LLEN celery) == "$jobs" ]] || fail "only $(ask LLEN celery) of $jobs jobs are there: $answer"
}

# `console_address` is where it listens then.
start_console() {
    local port
    port=$(free_port)
    console_address=http://127.0.0.1:$port
    setpriv --pdeathsig TERM -- "$programs/sms-queue" web --broker "$1" --port "$port" >"$scratch/console" 2>&1 &
    console=$!
    until curl --silent --fail --output /dev/null "$console_address/"; do
        kill -0 "$console" 2>/dev/null || fail "sms-queue web ended at once: $(<"$scratch/console")"
        sleep 0.1
    done
}

measure() {
    local page limit missed=0
    printf '%-50s %10s %10s %8s\n' PAGE "MEDIAN ms" "MOST ms" "MAY TAKE"
    for page in / /workers /dead /limits /jobs '/jobs?state=scheduled' '/jobs?state=claimed' \
        "/jobs?from=$((jobs / 2))" '/jobs?text=nothing-has-this' '/jobs?task=nothing-has-this' '/jobs?age=60' \
        '/job?id=job-1' "/job?id=job-$jobs" '/job?id=letter-1' '/job?id=nobody' '/job?id=nobody&search=all'; do
        limit=$most
        [[ $page != *search=all ]] || limit=-
        one_page "$page" "$limit" || { [[ $? == 3 ]] || exit 1; missed=1; }
    done
    [[ $check == no || $missed == 0 ]] || fail "a page took longer than $most ms"
}

# One line about a page; the status is 3 when it took longer than the limit, if there is one.
one_page() {
    local page=$1 limit=$2 round headers
    for ((round = 1; round <= rounds; round++)); do
        # A job that is not there is answered with 404.
        headers=$(curl --silent --output /dev/null --dump-header - "$console_address$page")
        [[ $headers =~ ^HTTP/1.1\ (200|404) ]] || fail "$page: ${headers%%$'\r'*}"
        [[ $headers =~ [Ss]erver-[Tt]iming:\ app\;dur=([0-9.]+) ]] || fail "$page has no Server-Timing"
        printf '%s\n' "${BASH_REMATCH[1]}"
    done | sort -n | awk -v page="$page" -v limit="$limit" '
        { times[NR] = $1 }
        END {
            if (NR == 0) exit 1
            late = limit != "-" && times[NR] > limit
            printf "%-50s %10.1f %10.1f %8s%s\n", page, times[int((NR + 1) / 2)], times[NR], limit, late ? "  MISSED" : ""
            exit late ? 3 : 0
        }'
}

end() {
    [[ -z ${console:-} ]] || { kill "$console" && wait "$console"; } 2>/dev/null || true
    stop
}

main "$@"

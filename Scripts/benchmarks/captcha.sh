#!/usr/bin/env bash
# How many of our captchas are read by programs that anybody can download, and what a picture costs.
#
#   --pictures <number>  how many to draw of each design (default: 300, which takes ten to twenty minutes)
#   --quick              20 of each: to see that all works, too few to judge by
#   --keep <folder>      leave the pictures in that folder, to look at them; their texts are in their names
#   --check              exit with 1 when a target is missed
#
# The real renderer draws: the zigzag with the six characters that it is made for and with the four of the tutorial's
# route, and the rows. Readers are
#   - ddddocr (PyPI), as its manual says: `classification(bytes)`, by the better of its two models;
#   - the same models restricted to our alphabet and lengths, after several ways to make a picture easier to read: median,
#     edges, letters filled instead of outlined and more. The best way is chosen after the fact;
#   - the same, with a program that knows the design and reads the upper and the lower part by themselves;
#   - tesseract (Debian), told that there is one line of our alphabet.
# An answer counts when it is right after folding, as the service compares (0, O and Q are D, and so on).
# Nothing here was trained on our pictures; whoever does that is assumed to read most of them.
set -euo pipefail
# shellcheck source=Scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source=Scripts/benchmarks/server.bash
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

pictures=300
keep=
report_options=()
alphabet=ACDEHKMNPRSTUWX2369
captcha_python=$root/.build/captcha-python

main() {
    read_options "$@"
    need_swift
    need_packages libfreetype-dev libpng-dev fonts-dejavu-core fonts-liberation tesseract-ocr python3 python3-venv
    need_python_packages "$root/Scripts/benchmarks/captcha_requirements.txt" "$captcha_python"
    build CaptchaBenchmark
    trap stop EXIT
    trap 'exit 1' INT TERM HUP
    scratch=$(mktemp -d)
    folder=${keep:-$scratch}
    step "Drawing $pictures pictures of each design"
    draw "zigzag, 6 characters" zigzag
    draw "zigzag, 4 characters" zigzag --length 4
    draw "rows, 5 to 7 characters" rows
    step "Reading"
    PYTHONDONTWRITEBYTECODE=1 "$captcha_python/bin/python" "$root/Scripts/benchmarks/captcha_read.py" \
        --alphabet "$alphabet" "${report_options[@]}" "$folder"/*/
}

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            exit
            ;;
        --pictures)
            [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "$1 needs a number above 0"
            pictures=$2 && shift
            ;;
        --quick) pictures=20 ;;
        --keep)
            [[ -n ${2:-} ]] || fail "$1 needs a folder"
            keep=$2 && shift
            [[ ! -e $keep || -z $(ls -A "$keep") ]] || fail "$keep is not empty"
            ;;
        --check) report_options+=(--check) ;;
        *) fail "there is no option $1; see Scripts/bench captcha --help" ;;
        esac
        shift
    done
}

# Draws pictures of a design into a folder of their own.
draw() {
    local name=$1 design=$2
    mkdir -p "$folder/$name"
    "$programs/CaptchaBenchmark" "$design" "$folder/$name" --pictures "$pictures" --alphabet "$alphabet" "${@:3}" \
        >"$folder/$name/figures.json"
}

main "$@"

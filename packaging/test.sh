#!/usr/bin/env bash
# Builds everything, starts a private Docker Engine and registry, runs every test project, stops what it started.
#
#   packaging/test.sh [quick] [PROJECT...]    PROJECT: part of a test project's name, such as Solana or EndToEnd
#                                             quick: without the projects that need the engine
#
# The last line is "N passed, N failed, N skipped"; exit code 0 when nothing failed. A project that crashes, passes no test,
# runs out of time or skips what tests/skips.txt does not list counts as failed. Logs: artifacts/test-results.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"
results=$root/artifacts/test-results
# One place per checkout, so that a run finds what a killed one left.
run=/tmp/nosana-test-$(printf '%s' "$root" | cksum | cut -d' ' -f1)

# Seconds for one project; the engine's projects start containers, daemons and chains. A machine that does other work needs many times
# what an idle one does.
unit_limit=600
engine_limit=1200
# A test that runs so long is named in the project's log.
long_running=60
# Projects side by side while the engine starts; those with the engine have the machine to themselves, one after the other.
at_once=2

# ---- outside: what needs the internet or the machine

uses() { grep -rqs --include='*.cs' "$1" "$root/tests/$2"; }

select_projects() {
  local project wanted
  projects=()
  for project in "$root"/tests/*.Tests/*.Tests.csproj; do
    project=$(basename "$project" .csproj)
    if [ -n "$quick" ] && uses NOSANA_TEST_ENGINE "$project"; then continue; fi
    if [ $# -eq 0 ]; then projects+=("$project"); continue; fi
    for wanted; do
      case $project in *"$wanted"*) projects+=("$project"); break ;; esac
    done
  done
  [ ${#projects[@]} -gt 0 ] || die "no test project is named like: $*"
}

any_uses() { # VARIABLE
  local project
  for project in "${projects[@]}"; do
    if uses "$1" "$project"; then return 0; fi
  done
  return 1
}

# Everything, or the selected projects with what they are made of.
build() { # PROJECT...
  local what=$root/Nosana.Node.sln output
  command -v dotnet >/dev/null || die "the .NET SDK 10 is needed: https://dotnet.microsoft.com/download"
  if [ $# -gt 0 ]; then
    what=$root/artifacts/test.slnf
    printf '%s\n' "$@" | jq -Rn '{solution: {path: "../Nosana.Node.sln", projects: [inputs | "tests\\\(.)\\\(.).csproj"]}}' > "$what"
  fi
  say "building"
  # No build server stays behind, and none of another build is used.
  if ! output=$(dotnet build "$what" -c Debug --nologo -v quiet -clp:NoSummary --disable-build-servers 2>&1); then
    printf '%s\n' "$output" | sort -u
    die "the build failed"
  fi
}

# The packages of the agent as it is published, for the build of its image, which has no network.
fetch_packages() { # DIR
  local output
  # The property, not -r: that would be the plural one, without the compiler that works ahead of time.
  output=$(dotnet restore "$root/src/Nosana.Node" -p:RuntimeIdentifier=linux-x64 --packages "$1" -p:ArtifactsPath="$(dirname "$1")" --nologo \
    -v quiet --disable-build-servers 2>&1) ||
    { printf '%s\n' "$output" | sort -u; die "the packages of the agent could not be fetched"; }
}

outside() {
  local quick=''
  if [ "${1:-}" = quick ]; then quick=1; shift; fi
  select_projects "$@"
  if any_uses NOSANA_TEST_ENGINE; then
    "$here/engine.sh" install
    "$here/podman.sh" install
    need "command -v chromium" chromium
    need "command -v curl" curl
  fi
  need "command -v ip" iproute2
  need "command -v pgrep" procps
  need "command -v jq" jq
  need "command -v gcc" gcc
  need "command -v faketime" faketime
  if ! [ -e /usr/include/stdlib.h ]; then needed+=(libc6-dev); fi
  install_needed

  mkdir -p "$root/artifacts"
  exec 9>"$root/artifacts/.test-lock"
  flock -n 9 || die "another packaging/test.sh runs in this checkout"

  export MSBUILDDISABLENODEREUSE=1
  if [ -z "$quick" ] && [ $# -eq 0 ]; then build; else build "${projects[@]}"; fi

  local settings=()
  if any_uses NOSANA_TEST_NODE; then
    mapfile -t settings < <("$here/npm/install.sh")
    [ ${#settings[@]} -eq 2 ] || die "the official clients could not be installed"
  fi
  if any_uses NOSANA_TEST_PACKAGES; then
    fetch_packages "$root/artifacts/image/packages"
    settings+=("NOSANA_TEST_PACKAGES=$root/artifacts/image/packages")
  fi
  settings+=("DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}")

  as_root "$here/engine.sh" down "$run/engine"
  as_root rm -rf "$run" "$results"
  mkdir -m 700 "$run"
  mkdir -p "$run/home" "$run/tmp" "$results"

  local code=0
  # A child that ends with this process, also when this one is killed.
  as_root_child env NOSANA_TEST_OWNER="$(id -u):$(id -g)" "${settings[@]}" \
    "$here/engine.sh" isolated "$here/test.sh" --inside "${projects[@]}" 9>&- &
  # What is inside stops itself.
  await_child $! || code=$?
  as_root "$here/engine.sh" down "$run/engine"
  as_root rm -rf "$run"
  exit "$code"
}

# ---- inside: the namespaces that engine.sh isolated made; loopback only

passed=0 failed=0 skipped=0 failures=()
# What runs, by pid: its name, and the second in which it began.
declare -A running=() began=()
# Pid of the engine's start.
engine_start=''
finished=''

# Every skip must be named in tests/skips.txt, for its reason, and only where what it misses is missing.
may_skip() { # NAME REASON
  local name reason path
  while IFS='|' read -r name reason path; do
    name=$(trim "$name") reason=$(trim "$reason") path=$(trim "$path")
    case $name in ''|'#'*) continue ;; esac
    # shellcheck disable=SC2053 # patterns on purpose
    if [[ $1 == $name && $2 == $reason ]]; then
      if [ -z "$path" ] || ! (cd "$root" && [ -e "$path" ]); then return 0; fi
    fi
  done < "$root/tests/skips.txt"
  return 1
}

trim() { local text=$1; text=${text#"${text%%[![:space:]]*}"}; printf '%s' "${text%"${text##*[![:space:]]}"}"; }

fail() { # PROJECT WHAT
  failed=$((failed + 1))
  failures+=("$1: $2")
}

# A crash says why in its first lines, a hang in its last.
show_ends() { # LOG
  if [ "$(wc -l < "$1")" -le 45 ]; then cut -c1-240 "$1"
  else head -n 25 "$1" | cut -c1-240; echo '  [...]'; tail -n 15 "$1" | cut -c1-240
  fi
}

count() { # PROJECT CODE SECONDS
  local report=$results/$1.ctrf.json p f s name reason
  if ! read -r p f s < <(jq -er '.results.summary | "\(.passed) \(.failed) \(.skipped)"' "$report" 2>/dev/null); then
    case $2 in
      124|137) fail "$1" "ran out of time or was killed (exit code $2)" ;;
      *) fail "$1" "crashed before it could report (exit code $2)" ;;
    esac
    show_ends "$results/$1.log"
    return
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '%-36s %5d passed %5d failed %5d skipped %5d s\n' "$1" "$p" "$f" "$s" "$3"
  if [ "$f" -gt 0 ]; then
    # The console's own account of each failure, without the rest.
    awk '/\[FAIL\]$/ { on = 1 } /\[SKIP\]$|^  Finished:/ { on = 0 } on' "$results/$1.log"
    while read -r name; do failures+=("$name"); done < <(jq -r '.results.tests[] | select(.status == "failed") | .name' "$report")
  fi
  while IFS=$'\t' read -r name reason; do
    may_skip "$name" "$reason" || fail "$1" "$name skipped, which tests/skips.txt does not allow: $reason"
  done < <(jq -r '.results.tests[] | select(.status == "skipped") | [.name, .extra.reason // .message // ""] | @tsv' "$report")
  if [ "$p" -eq 0 ]; then fail "$1" "passed no test"; fi
  if [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; then
    fail "$1" "ended with exit code $2 although no test failed"
    show_ends "$results/$1.log"
  fi
}

start() { # NAME LIMIT COMMAND...
  local name=$1 limit=$2
  shift 2
  # A shell starts its background jobs with Ctrl-C ignored, and the tests' children would inherit that.
  (cd "$run/tmp" && HOME=$run/home TMPDIR=$run/tmp exec env --default-signal=INT,QUIT timeout --kill-after=20 "$limit" "$@") \
    >"$results/$name.log" 2>&1 </dev/null &
  running[$!]=$name began[$!]=$SECONDS
}

start_project() { # PROJECT LIMIT
  local program=$root/artifacts/bin/$1/debug/$1
  if [ ! -x "$program" ]; then fail "$1" "was not built: is it in Nosana.Node.sln?"; return; fi
  start "$1" "$2" "$program" -noColor -noLogo -longRunning "$long_running" -ctrf "$results/$1.ctrf.json"
}

# The rules of style that are warnings fail the build; this is the rest, without a build: spaces, line breaks, ends of files.
start_format() {
  start format "$unit_limit" env -C "$root" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    "$DOTNET_ROOT/dotnet" format whitespace . --folder --verify-no-changes --exclude artifacts
}

finish_one() {
  local pid code=0 name seconds
  wait -n -p pid "${!running[@]}" || code=$?
  name=${running[$pid]} seconds=$((SECONDS - ${began[$pid]}))
  unset "running[$pid]" "began[$pid]"
  if [ "$name" != format ]; then
    count "$name" "$code" "$seconds"
  elif [ "$code" -ne 0 ]; then
    fail format "the sources are not formatted: run 'dotnet format whitespace . --folder --exclude artifacts' (exit code $code)"
    show_ends "$results/format.log"
  fi
}

# Finishes what runs until no more than so many do.
finish_to() { while [ ${#running[@]} -gt "$1" ]; do finish_one; done; }

bring_up() {
  "$here/engine.sh" up "$run/engine" >"$run/engine.env" 2>"$results/engine.log" </dev/null &
  engine_start=$!
}

await_engine() {
  local setting
  [ -n "$engine_start" ] || return 1
  if wait "$engine_start"; then
    while read -r setting; do export "${setting?}"; done < "$run/engine.env"
    engine_start=''
    return 0
  fi
  cat "$results/engine.log"
  engine_start=''
  return 1
}

# Whatever ends this: what runs first, then the engine by its pid.
stop() {
  local code=$?
  trap - EXIT INT TERM HUP
  if [ ${#running[@]} -gt 0 ]; then kill -TERM "${!running[@]}" 2>/dev/null || true; wait "${!running[@]}" 2>/dev/null || true; fi
  if [ -n "$engine_start" ]; then kill -TERM "$engine_start" 2>/dev/null || true; wait "$engine_start" 2>/dev/null || true; fi
  cp "$run"/engine/*.log "$results/" 2>/dev/null || true
  "$here/engine.sh" down "$run/engine" || say "the private engine could not be stopped: see $results"
  chown -R "$NOSANA_TEST_OWNER" "$results"
  # Last, when nothing else can print.
  if [ -n "$finished" ]; then printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"; fi
  exit "$code"
}

# Those with the most files first, so that none of them is the last to run beside nothing.
largest_first() {
  local project
  for project; do printf '%s %s\n' "$(find "$root/tests/$project" -name '*.cs' | wc -l)" "$project"; done | sort -rn | cut -d' ' -f2
}

inside() {
  local project with_engine=() without=()
  trap stop EXIT
  trap 'exit 130' INT TERM HUP
  for project in $(largest_first "$@"); do
    if uses NOSANA_TEST_ENGINE "$project"; then with_engine+=("$project"); else without+=("$project"); fi
  done
  if [ ${#with_engine[@]} -gt 0 ]; then bring_up; fi
  for project in "${without[@]}"; do
    finish_to $((at_once - 1))
    start_project "$project" "$unit_limit"
  done
  finish_to $((at_once - 1))
  start_format
  finish_to 0
  if [ ${#with_engine[@]} -gt 0 ]; then
    if await_engine; then
      for project in "${with_engine[@]}"; do
        start_project "$project" "$engine_limit"
        finish_to 0
      done
    else
      for project in "${with_engine[@]}"; do fail "$project" "the private engine did not start (above, and $results)"; done
    fi
  fi
  if [ ${#failures[@]} -gt 0 ]; then
    printf '\nfailed:\n'
    printf '  %s\n' "${failures[@]}"
  fi
  finished=1
  [ "$failed" -eq 0 ]
}

case ${1:-} in
  --inside) shift; inside "$@" ;;
  -h|--help) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
  *) outside "$@" ;;
esac

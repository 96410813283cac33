#!/usr/bin/env bash
# One job, end to end: builds nosana-node, starts an embedded network and a host on it, lists three jobs and checks on the
# chain and on IPFS what became of them. Uses the Docker Engine that answers (DOCKER_HOST or the usual sockets), else starts
# a private one for as long as it runs. Exit code 0 only when everything it reports is true.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"
logs=$root/artifacts/demo
node=$root/artifacts/bin/Nosana.Node/release/nosana-node
image=nosana-demo/busybox:1
# One place per checkout, so that a run finds what a killed one left.
work=/tmp/nosana-demo-$(printf '%s' "$root" | cksum | cut -d' ' -f1)
# Seconds: what one step of the network may take before the demo calls it failed.
patience=30

# ---- engine

ping_engine() { [ "$(engine "$1" _ping 2>/dev/null)" = OK ]; }

engine() { # ENDPOINT PATH [CURL OPTIONS...]
  local endpoint=$1 path=$2
  shift 2
  case $endpoint in
    unix://*) curl -sS --fail-with-body --max-time 60 --unix-socket "${endpoint#unix://}" "$@" "http://engine/$path" ;;
    tcp://*) curl -sS --fail-with-body --max-time 60 "$@" "http://${endpoint#tcp://}/$path" ;;
    *) return 1 ;;
  esac
}

find_engine() {
  local endpoint
  for endpoint in "${DOCKER_HOST:-}" unix:///var/run/docker.sock "unix://${XDG_RUNTIME_DIR:-/nonexistent}/docker.sock"; do
    if [ -n "$endpoint" ] && ping_engine "$endpoint"; then printf '%s' "$endpoint"; return; fi
  done
}

# Also what an earlier demo left when it was killed: nothing else runs from an image of this name.
remove_containers() {
  local id
  for id in $(engine "$docker" "containers/json?all=1&filters=%7B%22ancestor%22%3A%5B%22${image/\//%2F}%22%5D%7D" | jq -r '.[].Id'); do
    engine "$docker" "containers/$id?force=1&v=1" -X DELETE >/dev/null || true
  done
}

has_image() { engine "$docker" "images/$image/json" >/dev/null 2>&1; }

make_image() {
  "$here/engine.sh" rootfs "$work"
  engine "$docker" "images/create?fromSrc=-&repo=${image%:*}&tag=${image#*:}" -X POST \
    -H 'Content-Type: application/x-tar' --data-binary "@$work/rootfs.tar" >/dev/null || die "the engine at $docker takes no image"
}

# ---- network

# The chain and IPFS are asked with curl, not with the program under test.
rpc() { # METHOD PARAMS
  curl -sS --max-time 10 -H 'Content-Type: application/json' "$(info .rpc)" -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":$2}"
}

info() { jq -er "$1" "$work/net.json"; }

nos_of() { # WALLET: micro-NOS over its token accounts
  rpc getTokenAccountsByOwner "[\"$1\",{\"mint\":\"$(info .mint)\"},{\"encoding\":\"jsonParsed\"}]" |
    jq -er '[.result.value[].account.data.parsed.info.tokenAmount.amount | tonumber] | add // 0'
}

in_account() { rpc getTokenAccountBalance "[\"$1\"]" | jq -er '.result.value.amount'; }

from_ipfs() { # CID
  local gateway
  gateway=$(info .ipfs.gateway)
  gateway=${gateway%/}
  curl -sS --fail --max-time 10 "${gateway%/ipfs}/ipfs/$1"
}

job() { # VERB ARGUMENTS...: as the poster
  local verb=$1
  shift
  if [ "$verb" = get ]; then "$node" job get "$@" --localnet "$work/net.json" --format json
  else "$node" job "$verb" "$@" --localnet "$work/net.json" --key "$(info .poster.keypair)" --state "$work/poster" --format json
  fi
}

post() { # FILE TIMEOUT: prints the job's address
  job post "$1" --market "$(info .market)" --timeout "$2" | jq -er .job
}

# Waits until CONDITION (jq, on the job's account) holds; the account stays in $account.
await_job() { # JOB CONDITION
  local until=$((SECONDS + patience))
  while true; do
    account=$(job get "$1")
    if jq -e "$2" <<<"$account" >/dev/null; then return 0; fi
    [ "$SECONDS" -lt "$until" ] || { say "job $1 is not as awaited ($2) after $patience s: $account"; return 1; }
    alive || return 1
    sleep 0.1
  done
}

field() { jq -er "$1" <<<"$account"; }

# ---- processes

start_process() { # NAME COMMAND...
  local name=$1
  shift
  # Ends with this script, also when that is killed.
  setpriv --pdeathsig TERM "$@" >"$logs/$name.log" 2>&1 </dev/null &
  pids+=($!)
  names+=("$name")
}

alive() {
  local i
  for i in "${!pids[@]}"; do
    if ! kill -0 "${pids[i]}" 2>/dev/null; then
      say "${names[i]} has ended; its log ends with:"
      tail -n 20 "$logs/${names[i]}.log" >&2
      return 1
    fi
  done
}

stop_all() {
  local code=$? i
  trap - EXIT INT TERM HUP
  # The host before its network: it leaves the queue.
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[i]}" 2>/dev/null || continue
    timeout 20 tail --pid="${pids[i]}" -f /dev/null || kill -KILL "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  if [ -n "$docker" ] && ping_engine "$docker"; then
    remove_containers
    if has_image; then engine "$docker" "images/$image?force=1" -X DELETE >/dev/null || true; fi
  fi
  if [ -n "$private" ]; then "$here/engine.sh" down "$private" || true; fi
  rm -rf "$work"
  if [ -n "${NOSANA_DEMO_OWNER:-}" ]; then chown -R "$NOSANA_DEMO_OWNER" "$logs"; fi
  if [ "$code" -ne 0 ]; then say "the demo failed; logs: $logs"; fi
  exit "$code"
}

# ---- definitions

definition() { # ID COMMAND EXTRA-ARGS META: one operation, as jq makes it
  jq -n --arg id "$1" --arg cmd "$2" --arg image "$image" --argjson extra "$3" --argjson meta "$4" \
    '{version: "0.1", type: "container", meta: ({trigger: "cli"} + $meta), ops: [{type: "container/run", id: $id, args: ({image: $image, cmd: $cmd} + $extra)}]}'
}

# ---- report

truth=0

check() { # CLAIM TEST...: the claim is printed with what [ says of it
  local claim=$1
  shift
  if [ "$@" ]; then printf '  ok     %s\n' "$claim"
  else printf '  FALSE  %s   (%s)\n' "$claim" "$*"; truth=1
  fi
}

nos() { printf '%d.%06d NOS' "$(($1 / 1000000))" "$(($1 % 1000000))"; }

# ---- the three jobs

pay_for_seconds() {
  local token words job cid result price start end timeout=60 host poster before_host before_poster before_vault listed paid vault
  host=$(info .host.address) poster=$(info .poster.address)
  vault=$("$node" market get "$(info .market)" --localnet "$work/net.json" --format json | jq -er .vault)
  token=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
  words="hello from a container, $token"
  definition hello "echo '$words'; sleep 4" '{}' '{}' > "$work/hello.json"

  before_host=$(nos_of "$host") before_poster=$(nos_of "$poster") before_vault=$(in_account "$vault")
  job=$(post "$work/hello.json" "$timeout")
  listed=$(nos_of "$poster")
  await_job "$job" '.state == "COMPLETED" or .state == "STOPPED"'
  price=$(field .price) start=$(field .timeStart) end=$(field .timeEnd) cid=$(field .resultCid)
  result=$(from_ipfs "$cid")
  paid=$((price * (end - start)))

  printf '\n1. A job that prints a line and sleeps: %s\n' "$job"
  check "state read back from the chain: $(field .state)" "$(field .state)" = COMPLETED
  check "run by this host: $(field .node)" "$(field .node)" = "$host"
  check "it lasted $((end - start)) s of chain time" $((end - start)) -ge 3
  check "result $cid on IPFS: flow status $(jq -r .status <<<"$result")" "$(jq -r .status <<<"$result")" = success
  check "the container's own output is in it: $words" "$(jq --arg words "$words" '[.opStates[].logs[] | select(.log | contains($words))] | length' <<<"$result")" -ge 1
  check "price $price x $((end - start)) s = $(nos "$paid"), more than nothing" "$paid" -gt 0
  check "the host's balance grew by just that" $(($(nos_of "$host") - before_host)) -eq "$paid"
  check "the poster deposited $(nos $((price * timeout)))" $((before_poster - listed)) -eq $((price * timeout))
  check "his refund is the exact rest, $(nos $((price * timeout - paid)))" $(($(nos_of "$poster") - listed)) -eq $((price * timeout - paid))
  check "the vault holds what it held, $(nos "$before_vault")" "$(in_account "$vault")" -eq "$before_vault"
}

refuse_and_recover() {
  local job before gigabytes=24 poster
  poster=$(info .poster.address)
  # More than any machine with a GPU has.
  if [ -e /dev/nvidiactl ]; then gigabytes=100000; fi
  definition greedy 'echo never' '{"gpu":true}' "{\"system_requirements\":{\"required_vram\":$gigabytes}}" > "$work/greedy.json"
  before=$(nos_of "$poster")
  job=$(post "$work/greedy.json" 60)
  await_job "$job" '.state == "STOPPED"'

  printf '\n2. A job that asks for %s GB of VRAM, which this host does not have: %s\n' "$gigabytes" "$job"
  check "quit on chain: $(field .state)" "$(field .state)" = STOPPED
  check "nobody was paid, the deposit waits in the vault" "$(nos_of "$poster")" -lt "$before"
  job recover "$job" >/dev/null
  check "job recover brought it back to the last unit" "$(nos_of "$poster")" -eq "$before"
}

reach_and_vanish() {
  local job url='' host port body='' status=0 since took i
  definition web 'httpd -f -p 8080 -h /srv/www' '{"expose":8080}' '{}' > "$work/web.json"
  job=$(post "$work/web.json" 60)
  await_job "$job" '.state == "RUNNING"'
  for ((i = 0; i < patience * 5; i++)); do
    # The host names the address in its log, as it does in the result.
    url=$(grep -oE 'https?://[1-9A-HJ-NP-Za-km-z]{44}\.localhost:[0-9]+' "$logs/host.log" | tail -n 1 || true)
    if [ -n "$url" ]; then
      host=${url#*://} port=${host##*:}
      body=$(curl -s --max-time 2 -H "Host: $host" "http://127.0.0.1:$port/" || true)
      case $body in *stand-in*) break ;; esac
    fi
    alive || return 1
    sleep 0.2
  done

  printf '\n3. A job that serves a page, the next one after the refusal: %s\n' "$job"
  check "reached through its host name: ${url:-none was announced}" "${body#*stand-in}" != "$body"
  [ -n "$url" ] || return 0
  job end "$job" >/dev/null
  since=$(date +%s%N)
  for ((i = 0; i < 100; i++)); do
    status=$(curl -s -o /dev/null -w '%{http_code}' --max-time 2 -H "Host: $host" "http://127.0.0.1:$port/" || true)
    [ "$status" != 410 ] || break
    sleep 0.05
  done
  took=$((($(date +%s%N) - since) / 1000000))
  check "ended by its poster; $took ms later the name answers $status" "$status" = 410
  check "that is within a second" "$took" -le 1000
  await_job "$job" '.state == "COMPLETED"'
  check "state read back from the chain: $(field .state), $(($(field .timeEnd) - $(field .timeStart))) s paid" "$(field .state)" = COMPLETED
}

# ----

demo() { # ENDPOINT, or the word private
  pids=() names=() docker='' private=''
  mkdir -p "$logs"
  mkdir -m 700 "$work" || die "$work is not ours to make"
  trap stop_all EXIT
  trap 'exit 130' INT TERM HUP
  # No setting of the caller's own host reaches this one.
  local variable
  for variable in ${!NOSANA_@}; do
    case $variable in NOSANA_ISOLATED|NOSANA_DEMO_OWNER) ;; *) unset "$variable" ;; esac
  done

  if [ "$1" = private ]; then
    private=$work/engine
    docker=$("$here/engine.sh" up "$private" /dev/null | sed -n 's/^NOSANA_TEST_ENGINE=//p')
    [ -n "$docker" ] || die "the private engine did not start"
    say "private engine at $docker"
  else
    docker=$1
    say "engine at $docker"
  fi
  remove_containers
  make_image

  start_process localnet "$node" localnet --port 0 --info "$work/net.json" --keys "$work/keys"
  local until=$((SECONDS + patience))
  until [ -s "$work/net.json" ]; do
    if ! alive || [ "$SECONDS" -ge "$until" ]; then die "the embedded network did not start: $logs/localnet.log"; fi
    sleep 0.1
  done
  start_process host "$node" start --localnet "$work/net.json" --market "$(info .market)" --key "$(info .host.keypair)" \
    --docker "$docker" --state "$work/state" --api-port 0
  until "$node" market get "$(info .market)" --localnet "$work/net.json" --format json |
      jq -e --arg host "$(info .host.address)" '.queueType == "NODE_QUEUE" and (.queue | index($host) != null)' >/dev/null; do
    if ! alive || [ "$SECONDS" -ge "$until" ]; then die "the host did not join the market's queue: $logs/host.log"; fi
    sleep 0.1
  done

  pay_for_seconds
  refuse_and_recover
  reach_and_vanish
  if [ "$truth" -eq 0 ]; then printf '\nall of it true, in %d s\n' "$SECONDS"; else printf '\nnot all of it true\n'; fi
  return "$truth"
}

main() {
  need "command -v jq" jq
  need "command -v curl" curl
  need "is_static busybox" busybox-static
  need "command -v bash-static" bash-static
  install_needed
  command -v dotnet >/dev/null || die "the .NET SDK 10 is needed: https://dotnet.microsoft.com/download"
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}

  mkdir -p "$logs"
  exec 9>"$root/artifacts/.demo-lock"
  flock -n 9 || die "another packaging/demo.sh runs in this checkout"

  say "building"
  local output endpoint
  output=$(dotnet build "$root/src/Nosana.Node" -c Release --nologo -v quiet -clp:NoSummary -nodeReuse:false 2>&1) || {
    printf '%s\n' "$output" | sort -u
    die "the build failed"
  }

  if [ -e "$work/engine" ]; then as_root "$here/engine.sh" down "$work/engine"; fi
  if ! rm -rf "$work" 2>/dev/null; then as_root rm -rf "$work"; fi

  endpoint=$(find_engine)
  if [ -n "$endpoint" ]; then demo "$endpoint"; return; fi
  say "no Docker Engine answers: starting a private one"
  "$here/engine.sh" install
  local code=0
  as_root_child env DOTNET_ROOT="$DOTNET_ROOT" NOSANA_DEMO_OWNER="$(id -u):$(id -g)" \
    "$here/engine.sh" isolated "$here/demo.sh" --private 9>&- &
  await_child $! || code=$?
  exit "$code"
}

case ${1:-} in
  '') main ;;
  --private) demo private ;;
  *) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; [ "$1" = --help ] || exit 2 ;;
esac

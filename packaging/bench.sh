#!/usr/bin/env bash
# Measures against a private Docker Engine and registry, which it starts and stops; what is measured: docs/benchmarks.md.
#
#   packaging/bench.sh [MODE [NUMBER...]]    MODE: containers, logs, pull, ingress or market, each with its own numbers; none is
#                                            all five. soak [JOBS] is for a longer while
#
# Exit code 0 when every bound holds.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"
program=$root/artifacts/bin/Nosana.Benchmarks/release/Nosana.Benchmarks

outside() {
  "$here/engine.sh" install
  PATH=$PATH:/usr/sbin need "command -v nginx" nginx-light
  install_needed
  say "building"
  dotnet build "$root/tests/Nosana.Benchmarks" -c Release --nologo -v quiet -clp:NoSummary --disable-build-servers
  local code=0
  as_root_child env "DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}" \
    "$here/engine.sh" isolated "$here/bench.sh" --inside "$@" &
  await_child $! || code=$?
  exit "$code"
}

# In namespaces of its own: loopback only.
inside() {
  local dir mode code=0
  dir=$(mktemp -d /tmp/nosana-bench-XXXXXX)
  # shellcheck disable=SC2064 # the directory is this run's
  trap "'$here/engine.sh' down '$dir/engine'; rm -rf '$dir'" EXIT
  trap 'exit 130' INT TERM HUP
  "$here/engine.sh" up "$dir/engine" >"$dir/env"
  set -a
  # shellcheck source=/dev/null
  . "$dir/env"
  set +a
  export TMPDIR=$dir
  if [ $# -gt 0 ]; then "$program" "$@"; return; fi
  for mode in containers logs pull ingress market; do "$program" "$mode" || code=1; done
  return "$code"
}

case ${1:-} in
  --inside) shift; inside "$@" ;;
  -h|--help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
  *) outside "$@" ;;
esac

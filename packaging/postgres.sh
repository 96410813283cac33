#!/usr/bin/env bash
# A private PostgreSQL for the tests, on a unix socket alone.
#
#   postgres.sh install     Debian packages that it needs
#   postgres.sh up DIR      starts it in DIR, as a user without rights; prints a NAME=VALUE line
#   postgres.sh down DIR    stops it by pid and removes DIR; also after a crash
#
# DIR must be reachable for every user (/tmp/NAME): the server refuses to run as root. Whoever may not enter DIR cannot reach it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"

# The newest that is here; Debian keeps them apart by version.
programs() { find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname; }

has_programs() { [ -n "$(programs)" ]; }

install() {
  need has_programs postgresql
  install_needed
}

as_server() { setpriv --reuid postgres --regid postgres --clear-groups --inh-caps=-all -- env -C "$dir" HOME="$dir" "$@"; }

# Prints the server's pid while it runs in DIR; a recycled number does not.
server() {
  local pid
  pid=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null) || return 1
  tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$dir/data" || return 1
  printf '%s' "$pid"
}

up() {
  [ "$(id -u)" = 0 ] || die "postgres.sh up needs root"
  has_programs || die "PostgreSQL is missing: postgres.sh install"
  down
  local i bin
  bin=$(programs)
  mkdir -m 700 "$dir"
  chown postgres:postgres "$dir"
  as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 ||
    { cat "$dir/log" >&2; die "no database could be made in $dir"; }
  # What it keeps is thrown away: a power cut may have it.
  as_server setsid "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=400 >>"$dir/log" 2>&1 </dev/null &
  for ((i = 0; i < 300; i++)); do
    if "$bin/pg_isready" -q -h "$dir" -U postgres; then
      printf 'NOSANA_TEST_POSTGRES=Host=%s;Username=postgres;Database=postgres\n' "$dir"
      return 0
    fi
    if [ "$i" -gt 20 ] && ! server >/dev/null; then break; fi
    sleep 0.1
  done
  cat "$dir/log" >&2
  down
  die "PostgreSQL did not start"
}

down() {
  local pid i
  if pid=$(server); then
    # Sessions are cut off; what is written is written.
    kill -INT "$pid" 2>/dev/null || true
    for ((i = 0; i < 200; i++)); do
      if ! server >/dev/null; then break; fi
      sleep 0.1
    done
    if server >/dev/null; then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -rf "$dir"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  install) install ;;
  up|down)
    [ $# -eq 1 ] || die "usage: postgres.sh $verb DIR"
    case $1 in /?*) dir=${1%/} ;; *) die "DIR must be an absolute path" ;; esac
    "$verb" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

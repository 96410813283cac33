# Sourced by the scripts beside it: messages, root, and what is missing from Debian.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "'$1' needs root: run this as root or install sudo"
  fi
}

# The same for a background job: replaces the caller's subshell, so that $! is what a signal is to reach, and ends with it.
as_root_child() {
  if [ "$(id -u)" = 0 ]; then exec setpriv --pdeathsig TERM "$@"; else exec setpriv --pdeathsig TERM sudo "$@"; fi
}

# Waits for a background job and ends with its exit code. Signals reach it as well, and do not end the waiting: it ends itself.
await_child() { # PID, or -PGID for all of a process group
  local code
  # shellcheck disable=SC2064 # the pid is known now, and local
  trap "kill -TERM -- $1 2>/dev/null" INT TERM HUP
  while true; do
    wait "${1#-}" && code=0 || code=$?
    kill -0 "${1#-}" 2>/dev/null || return "$code"
  done
}

# A static binary needs no library beside it in an image; ldd fails on one.
is_static() { command -v "$1" >/dev/null && ! ldd "$(command -v "$1")" >/dev/null 2>&1; }


# need CHECK PACKAGE: notes PACKAGE for install_needed unless the shell words CHECK succeed.
needed=()
need() { $1 >/dev/null 2>&1 || needed+=("$2"); }

# Installs what need() noted. Services that the packages bring are not started: the scripts run their own processes.
install_needed() {
  [ ${#needed[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "missing: ${needed[*]} (Debian's names); no apt-get here to install them"
  say "installing from Debian: ${needed[*]}"
  as_root bash -s -- "${needed[@]}" <<'ROOT' || die "apt-get could not install: ${needed[*]}"
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' > $policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
get() { apt-get -y -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2; }
get update
get install --no-install-recommends "$@"
ROOT
  needed=()
}

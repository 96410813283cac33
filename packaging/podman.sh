#!/usr/bin/env bash
# Podman's Docker-compatible API, as one more engine of the tests.
#
#   podman.sh install            Debian packages that it needs
#   podman.sh up DIR REGISTRY    serves it at DIR/podman.sock; names of docker.io come from REGISTRY (HOST:PORT, without TLS)
#
# `up` wants a mount and a process namespace of its own: it covers the directories in which Podman keeps what it knows of the
# machine's other containers, and the kernel ends all of it with the namespaces' first process.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"
PATH=$PATH:/usr/sbin:/sbin

install() {
  need "command -v podman" podman
  need "command -v crun" crun
  need "test -x /usr/lib/podman/netavark" netavark
  need "test -x /usr/lib/podman/aardvark-dns" aardvark-dns
  # The init process of its containers.
  need "command -v catatonit" catatonit
  need "command -v jq" jq
  need "command -v curl" curl
  install_needed
}

# Podman asks for the largest limits that the kernel knows whatever its own may be, and a container cannot be started where they
# may not be raised. This runtime leaves them as they are.
write_runtime() {
  cat > "$dir/runtime" <<'SH'
#!/bin/sh
# FILE WHERE: of a container, or of a program in one that runs
leave() { jq "$2"' |= ((. // []) | map(select(.type != "RLIMIT_NOFILE" and .type != "RLIMIT_NPROC")))' "$1" >"$1.new" && mv "$1.new" "$1"; }
before=
for word; do
  case $before in
    --bundle) leave "$word/config.json" .process.rlimits ;;
    --process) leave "$word" .rlimits ;;
  esac
  before=$word
done
exec crun "$@"
SH
  chmod 755 "$dir/runtime"
}

# For every answer about itself Podman asks dpkg-query for the packages of the programs that it uses: seconds of a processor, each time.
write_package_query() {
  mkdir -p "$dir/bin"
  printf '#!/bin/sh\nexit 1\n' > "$dir/bin/dpkg-query"
  chmod 755 "$dir/bin/dpkg-query"
}

write_configuration() {
  cat > "$dir/containers.conf" <<TOML
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "$dir/runtime"
tmp_dir = "$dir/tmp"
[network]
network_backend = "netavark"
network_config_dir = "$dir/networks"
TOML
  cat > "$dir/storage.conf" <<TOML
[storage]
driver = "overlay"
graphroot = "$dir/data"
runroot = "$dir/run"
TOML
  cat > "$dir/registries.conf" <<TOML
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "$registry"
insecure = true
[[registry]]
location = "$registry"
insecure = true
TOML
}

cover() {
  local place
  for place in /run /dev/shm; do mount -t tmpfs tmpfs "$place"; done
  # crun takes the unified hierarchy of a hybrid machine for its only one.
  if mountpoint -q /sys/fs/cgroup/unified; then umount -l /sys/fs/cgroup/unified; fi
}

up() {
  [ "${NOSANA_ISOLATED:-}" = 1 ] || die "podman.sh up is for the tests' namespaces: run packaging/test.sh"
  mkdir -p "$dir"
  cover
  write_runtime
  write_package_query
  write_configuration
  export CONTAINERS_CONF=$dir/containers.conf CONTAINERS_STORAGE_CONF=$dir/storage.conf CONTAINERS_REGISTRIES_CONF=$dir/registries.conf
  # Its helpers leave files where they are started.
  cd "$dir"
  PATH=$dir/bin:$PATH setsid podman system service --time 0 "unix://$dir/podman.sock" >"$dir/podman.log" 2>&1 </dev/null &
  local i service=$!
  for ((i = 0; i < 600; i++)); do
    kill -0 "$service" 2>/dev/null || break
    if curl -sf --unix-socket "$dir/podman.sock" http://podman/_ping >/dev/null; then return 0; fi
    sleep 0.1
  done
  cat "$dir/podman.log" >&2
  die "podman did not start (its log, $dir/podman.log, ends as above)"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  install) install ;;
  up)
    [ $# -eq 2 ] || die "usage: podman.sh up DIR REGISTRY"
    case $1 in /?*) dir=${1%/} ;; *) die "DIR must be an absolute path" ;; esac
    registry=$2
    up ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

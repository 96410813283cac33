#!/usr/bin/env bash
# The private Docker Engine and registry of the tests, and of the demo where no engine answers.
#
#   engine.sh install            Debian packages that the engine and the images need
#   engine.sh isolated CMD...    runs CMD in network, mount and pid namespaces of its own (as root)
#   engine.sh up DIR [TABLE]     starts both in DIR, with the images and GPUs of TABLE (stand-ins.txt), prints NAME=VALUE lines
#   engine.sh down DIR           stops them by pid, unmounts, removes DIR; also after a crash
#   engine.sh stop DIR [SIGNAL]  ends the engine alone, as an upgrade (TERM) or a crash (KILL) does
#   engine.sh freeze DIR         makes it hang; thaw goes on
#   engine.sh start DIR [OPT...] starts it again on what it had, with these options of dockerd
#   engine.sh rootfs DIR         makes DIR/rootfs.tar, the one layer of every stand-in, for `docker import`
#
# Two engines in one network namespace re-address each other's docker0, and one that stops leaves its bridge and its
# firewall rules behind. So callers run `up` under `isolated`: what is inside has loopback and nothing else, and the
# kernel ends every process and mount of it together with the first one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"
PATH=$PATH:/usr/sbin:/sbin

need_rootfs() {
  need "is_static busybox" busybox-static
  need "command -v bash-static" bash-static
}

install() {
  need "command -v dockerd" docker.io
  # From Debian 13 on the client is a package of its own.
  if ! command -v docker >/dev/null && apt-cache show docker-cli >/dev/null 2>&1; then needed+=(docker-cli); fi
  need "command -v docker-registry" docker-registry
  need_rootfs
  need "command -v iptables" iptables
  need "command -v nft" nftables
  need "command -v ip" iproute2
  need "command -v pgrep" procps
  install_needed
}

# ---- isolation

namespaces=(--net --mount --pid --fork --kill-child --mount-proc --propagation private)

isolated() {
  [ "$(id -u)" = 0 ] || die "engine.sh isolated needs root"
  if [ "${NOSANA_ISOLATED:-}" = 1 ]; then exec "$@"; fi
  if unshare "${namespaces[@]}" -- true 2>/dev/null; then
    # At a terminal, such as for a shell: nothing to pass on, the terminal tells all of them.
    if [ -t 0 ]; then exec unshare "${namespaces[@]}" -- bash "$here/engine.sh" inside "$@"; fi
    # A process group of its own, so that a signal sent to this script reaches all of it, and Ctrl-C only through here.
    set -m
    setpriv --pdeathsig KILL unshare "${namespaces[@]}" -- bash "$here/engine.sh" inside "$@" </dev/null &
    set +m
    local code=0
    # The namespaces' first process is told, too: unshare itself blocks these signals.
    await_child "-$!" || code=$?
    exit "$code"
  fi
  if pgrep -x dockerd >/dev/null; then
    die "another dockerd runs here, and this machine does not allow namespaces (unshare) to keep apart from it"
  fi
  say "note: no namespaces allowed here; the private engine leaves docker0 and its firewall rules behind"
  exec "$@"
}

# The first process of the namespaces: loopback up, the machine's own engine out of sight, then the command.
inside() {
  trap : INT TERM HUP
  ip link set lo up
  local hidden
  for hidden in /run/containerd /run/docker /etc/docker; do
    # A containerd of the machine would be used instead of a private one; /etc/docker would receive our engine's key.
    if [ -d "$hidden" ]; then mount -t tmpfs -o size=64m tmpfs "$hidden"; fi
  done
  if [ -S /run/docker.sock ]; then mount --bind /dev/null /run/docker.sock; fi
  local code=0
  NOSANA_ISOLATED=1 "$@" || code=$?
  exit "$code"
}

# ---- processes

# Prints the pid in FILE while it is a process of DIR; a recycled number is not.
pid_of() { # DIR FILE
  local pid
  pid=$(cat "$2" 2>/dev/null) || return 1
  case $pid in ''|*[!0-9]*) return 1 ;; esac
  tr '\0' ' ' 2>/dev/null < "/proc/$pid/cmdline" | grep -qF "$1/" || return 1
  printf '%s' "$pid"
}

end_process() { # DIR FILE SECONDS
  local pid i
  pid=$(pid_of "$1" "$2") || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  for ((i = 0; i < $3 * 10; i++)); do
    pid_of "$1" "$2" >/dev/null || return 0
    sleep 0.1
  done
  say "pid $pid of $1 did not end in $3 s; killing it"
  kill -KILL "$pid" 2>/dev/null || true
}

# A session of its own, so that a Ctrl-C is not for it; and the signals that a shell makes its background jobs ignore are
# put back, since containers would inherit that. exec all through: $! of the caller is the program's pid.
in_background() { exec setsid env --default-signal=INT,QUIT "$@"; }

wait_for() { # DIR WHAT LOG COMMAND...
  local dir=$1 what=$2 log=$3 i
  shift 3
  for ((i = 0; i < 300; i++)); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    if ! pid_of "$dir" "$dir/$what.pid" >/dev/null && [ "$i" -gt 20 ]; then break; fi
    sleep 0.1
  done
  tail -n 30 "$log" >&2 || true
  die "$what did not start (its log, $log, ends as above)"
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

engine_docker() { DOCKER_CONFIG=$dir/client docker -H "unix://$dir/docker.sock" "$@"; }

# A name under which every container's cgroup is found again, also when the engine that made it was killed.
cgroup_name() { printf 'nosana-engine-%s' "$(printf '%s' "$1" | cksum | cut -d' ' -f1)"; }

# ---- up

start_registry() {
  local port
  for port in {5000..5050}; do
    if port_is_free "$port"; then break; fi
  done
  registry=127.0.0.1:$port
  cat > "$dir/registry.yml" <<YAML
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $dir/registry}, delete: {enabled: true}}
http: {addr: $registry}
YAML
  in_background docker-registry serve "$dir/registry.yml" >"$dir/registry.log" 2>&1 </dev/null &
  echo $! > "$dir/registry.pid"
  wait_for "$dir" registry "$dir/registry.log" eval '! port_is_free '"$port"
}

configure_dockerd() {
  local block
  # The first block without a route of this machine in it; inside the namespaces that is always the first.
  for block in 172.31 172.30 172.28 10.213; do
    if ! ip route 2>/dev/null | grep -q "^$block\."; then break; fi
  done
  # cgroupfs: the systemd driver asks the machine's systemd, which knows no pid of these namespaces.
  cat > "$dir/daemon.json" <<JSON
{
  "registry-mirrors": ["http://$registry"],
  "insecure-registries": ["127.0.0.0/8"],
  "exec-opts": ["native.cgroupdriver=cgroupfs"],
  "cgroup-parent": "/$(cgroup_name "$dir")",
  "bip": "$block.0.1/24",
  "default-address-pools": [{ "base": "172.24.0.0/13", "size": 24 }],
  "max-concurrent-uploads": 5
}
JSON
}

start_dockerd() { # OPTION...
  # Before a real hook, where one is installed: the tests' requests are for GPUs of the table.
  PATH=$dir/bin:$PATH in_background dockerd --config-file "$dir/daemon.json" --data-root "$dir/data" --exec-root "$dir/exec" \
    --pidfile "$dir/dockerd.pid" -H "unix://$dir/docker.sock" "$@" >>"$dir/dockerd.log" 2>&1 </dev/null &
  wait_for "$dir" dockerd "$dir/dockerd.log" engine_docker version
}

# What makes the engine take requests for the GPUs of the table; without any it has none to give.
make_gpus() {
  mkdir "$dir/bin"
  awk '$2 == "gpu" { print $1 }' "$table" > "$dir/bin/gpus"
  if [ -s "$dir/bin/gpus" ]; then cp "$here/gpu-hook.sh" "$dir/bin/nvidia-container-runtime-hook"; fi
}

# One layer for every stand-in: busybox under all its names, bash, a page to serve.
make_rootfs() {
  local root=$dir/rootfs applet
  mkdir -p "$root"/{usr/bin,etc,root,home,proc,sys,dev,run,var/log,srv/www/api,srv/www/v1}
  mkdir -m 1777 "$root/tmp" "$root/var/tmp"
  ln -s usr/bin "$root/bin"
  ln -s usr/bin "$root/sbin"
  ln -s bin "$root/usr/sbin"
  cp -L "$(command -v busybox)" "$root/usr/bin/busybox"
  cp -L "$(command -v bash-static)" "$root/usr/bin/bash"
  # The list holds busybox itself, which must stay the binary.
  for applet in $(busybox --list); do
    [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
  echo 'root:x:0:' > "$root/etc/group"
  echo '<h1>stand-in</h1>' > "$root/srv/www/index.html"
  echo ok > "$root/srv/www/health"
  echo '{"models":[]}' > "$root/srv/www/api/tags"
  echo '{"object":"list","data":[]}' > "$root/srv/www/v1/models"
  cat > "$root/srv/lobby" <<'TEXT'
gpustack_server server
gpustack_server_token token
worker_id gpustack_worker_1
gpustack_worker_1 Sogni%2520Supported%2520SDXL
gpustack_worker_2 worker_2
gpustack_outbound_aliases gpustack_worker_1
TEXT
  tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c . > "$dir/rootfs.tar"
  rm -rf "$root"
}

# Imports the layer with what RECIPE of stand-ins.txt sets, once per recipe; prints the local name.
make_recipe() { # RECIPE
  local name changes port
  name=stand-in/$(printf '%s' "$1" | tr ':' '-')
  changes=(--change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
  case $1 in
    shell) changes+=(--change 'CMD ["/bin/bash"]') ;;
    idle)  changes+=(--change 'CMD ["sleep","infinity"]') ;;
    web:*) port=${1#web:}
           changes+=(--change "CMD [\"httpd\",\"-f\",\"-p\",\"$port\",\"-h\",\"/srv/www\"]" --change "EXPOSE $port") ;;
    server:*) port=${1#server:}
           changes+=(--change "ENTRYPOINT [\"/bin/sh\",\"-c\",\"exec httpd -f -p $port -h /srv/www\"]" --change "EXPOSE $port") ;;
    lobby) changes+=(--change 'ENTRYPOINT ["/bin/sh","-c","cat /srv/lobby"]') ;;
    *) die "$table: unknown recipe '$1'" ;;
  esac
  engine_docker import "${changes[@]}" "$dir/rootfs.tar" "$name" >/dev/null
}

# Docker's own reading of a reference: a first part with a dot or a port, or localhost, is a registry.
is_hub_reference() {
  case ${1%%/*} in
    "$1") return 0 ;;
    docker.io) return 0 ;;
    *.*|*:*|localhost) return 1 ;;
  esac
}

push() { # REFERENCE IMAGE
  local path=${1#docker.io/}
  case $path in */*) ;; *) path=library/$path ;; esac
  engine_docker tag "$2" "$registry/$path"
  engine_docker push -q "$registry/$path" >/dev/null
  # Only the registry keeps it: a definition that names it makes the engine pull.
  engine_docker rmi "$registry/$path" >/dev/null
}

make_images() {
  local reference recipe image
  local -A made=()
  make_rootfs
  while read -r reference recipe; do
    case $reference in ''|'#'*) continue ;; esac
    if [ "$recipe" = gpu ]; then continue; fi
    image=stand-in/$(printf '%s' "$recipe" | tr ':' '-')
    if [ -z "${made[$recipe]:-}" ]; then
      make_recipe "$recipe"
      made[$recipe]=1
    fi
    if is_hub_reference "$reference"; then
      push "$reference" "$image"
    else
      engine_docker tag "$image" "$reference"
    fi
  done < "$table"
  for recipe in "${!made[@]}"; do engine_docker rmi "stand-in/$(printf '%s' "$recipe" | tr ':' '-')" >/dev/null; done
  rm -f "$dir/rootfs.tar"
}

up() {
  [ "$(id -u)" = 0 ] || die "engine.sh up needs root"
  if pgrep -x dockerd >/dev/null; then
    die "another dockerd is visible here: start this one with 'engine.sh isolated'"
  fi
  down
  mkdir -p "$dir"
  chmod 755 "$dir"
  touch "$dir/.nosana-engine"
  mkdir "$dir/client"
  start_registry
  make_gpus
  configure_dockerd
  start_dockerd
  make_images
  printf 'NOSANA_TEST_ENGINE=unix://%s/docker.sock\nNOSANA_TEST_REGISTRY=%s\n' "$dir" "$registry" | tee "$dir/env.part"
  mv "$dir/env.part" "$dir/env"
}

# ---- stop and start

stop() { # [SIGNAL]
  local pid i
  pid=$(pid_of "$dir" "$dir/dockerd.pid") || die "no engine of $dir runs"
  kill -s "${1:-TERM}" "$pid"
  for ((i = 0; i < 600; i++)); do
    if ! pid_of "$dir" "$dir/dockerd.pid" >/dev/null; then return 0; fi
    sleep 0.1
  done
  die "the engine of $dir (pid $pid) did not end in 60 s"
}

freeze() { kill -s STOP "$(pid_of "$dir" "$dir/dockerd.pid")"; }

thaw() { kill -s CONT "$(pid_of "$dir" "$dir/dockerd.pid")"; }

start() { # OPTION...
  [ -e "$dir/daemon.json" ] || die "there is no engine in $dir"
  ! pid_of "$dir" "$dir/dockerd.pid" >/dev/null || die "the engine of $dir runs already"
  # What a killed one left is in the way of the next.
  rm -f "$dir/dockerd.pid"
  start_dockerd "$@"
}

# ---- down

end_containers() {
  local ids
  if pid_of "$dir" "$dir/dockerd.pid" >/dev/null; then
    ids=$(timeout 20 env DOCKER_CONFIG="$dir/client" docker -H "unix://$dir/docker.sock" ps -q 2>/dev/null) || return 0
    # shellcheck disable=SC2086
    if [ -n "$ids" ]; then engine_docker kill $ids >/dev/null 2>&1 || true; fi
  fi
}

# What a killed engine left, also in namespaces below: its processes, and the containers' in our cgroups.
end_leftovers() {
  local pid cgroup
  for pid in $(pgrep -f -- "^([^ ]*/)?(dockerd|containerd|containerd-shim[^ ]*|docker-registry) .*$dir/" || true); do
    kill -KILL "$pid" 2>/dev/null || true
  done
  cgroup=$(cgroup_name "$dir")
  find /sys/fs/cgroup -path "*/$cgroup*" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u | while read -r pid; do
    # 0 is a process that these namespaces do not see.
    if [ "$pid" -gt 1 ]; then kill -KILL "$pid" 2>/dev/null || true; fi
  done
}

remove_cgroups() {
  local cgroup
  cgroup=$(cgroup_name "$dir")
  # A cgroup can only be removed when its last process is gone for the kernel, too; an empty one left behind is harmless.
  find /sys/fs/cgroup -depth -type d -path "*/$cgroup*" -exec rmdir {} + 2>/dev/null || true
}

unmount_all() {
  local mount
  awk -v dir="$dir/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
    umount -l "$mount" || say "could not unmount $mount"
  done
}

down() {
  if [ ! -e "$dir" ]; then return 0; fi
  if [ ! -e "$dir/.nosana-engine" ] && [ -n "$(ls -A "$dir")" ]; then die "$dir is not a directory of this script; not removing it"; fi
  end_containers
  end_process "$dir" "$dir/dockerd.pid" 30
  end_process "$dir" "$dir/registry.pid" 5
  end_leftovers
  unmount_all
  remove_cgroups
  rm -rf --one-file-system "$dir"
}

# ----

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  install) install ;;
  isolated) [ $# -ge 1 ] || die "usage: engine.sh isolated CMD..."; isolated "$@" ;;
  inside) inside "$@" ;;
  up|down|rootfs|stop|freeze|thaw|start)
    [ $# -ge 1 ] || die "usage: engine.sh $verb DIR"
    case $1 in /?*) dir=${1%/} ;; *) die "DIR must be an absolute path" ;; esac
    # A unix socket's path has 107 characters.
    [ ${#dir} -le 80 ] || die "DIR is too long for a unix socket in it: $dir"
    shift
    case $verb in
      rootfs) need_rootfs; install_needed; mkdir -p "$dir"; make_rootfs ;;
      up) table=${1:-$here/stand-ins.txt}; up ;;
      *) "$verb" "$@" ;;
    esac ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

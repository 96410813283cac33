#!/usr/bin/env bash
# Keeps tenants' containers away from this machine and its networks; they keep the internet.
#
#   egress.sh install [OPTION...]   puts the rules in place, again and again as you like (root)
#   egress.sh status                exit code 0 when they are in place, unchanged (root)
#   egress.sh remove                takes them out (root)
#   egress.sh rules [OPTION...]     prints what install would load
#
#   --allow CIDR       a range that tenants may reach although it is refused otherwise (repeatable)
#   --refuse CIDR      a further range to refuse, such as a public one that your network uses (repeatable)
#   --resolver ADDR    a DNS server that tenants may ask (repeatable; default: this machine's own, from resolv.conf)
#   --no-resolvers     none of them: then the engine needs public ones ("dns" in daemon.json)
#   --engine-dns       the engine answers DNS on the bridge itself: Podman does, Docker does not
#
# A table of its own in nftables, beside whatever made the machine's other rules: a packet passes only if all agree, so
# neither the engine nor a firewall can let through what is refused here. systemd/nosana-egress.timer repeats it every minute,
# since some firewalls empty everything when they reload. The agent needs no rights for this; it reads the marker that install leaves.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
readonly family=inet table=nosana_egress
# Names of tenants' bridges begin so; the agent gives them.
readonly bridges=nos-
marker_dir=${NOSANA_EGRESS_DIR:-/run/nosana-egress}
marker=$marker_dir/active

die() { printf 'egress.sh: %s\n' "$*" >&2; exit 1; }

# What is not the internet (IANA's registry of special-purpose addresses), and multicast.
refused=(0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4)
further=()
allowed=()
resolvers=()
find_resolvers=1
engine_dns=

range() { # TEXT: an IPv4 address or range; nft checks the numbers
  [[ $1 =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?$ ]] || die "'$1' is no IPv4 range such as 192.168.7.0/24"
  printf '%s' "$1"
}

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --allow|--refuse|--resolver) [ $# -ge 2 ] || die "$1 needs a value" ;;
    esac
    case $1 in
      --allow) allowed+=("$(range "$2")"); shift ;;
      --refuse) further+=("$(range "$2")"); shift ;;
      --resolver) resolvers+=("$(range "$2")"); find_resolvers=; shift ;;
      --no-resolvers) find_resolvers= ;;
      --engine-dns) engine_dns=1 ;;
      *) die "unknown option '$1'" ;;
    esac
    shift
  done
  if [ -n "$find_resolvers" ]; then
    local file=/etc/resolv.conf address
    # Behind systemd-resolved the engine, too, gives containers the servers of this other file.
    if grep -qs '^nameserver 127\.0\.0\.53' "$file" && [ -e /run/systemd/resolve/resolv.conf ]; then file=/run/systemd/resolve/resolv.conf; fi
    while read -r address; do
      case $address in 127.*|*:*) continue ;; esac
      resolvers+=("$(range "$address")")
    done < <(awk '$1 == "nameserver" { print $2 }' "$file" 2>/dev/null)
  fi
}

set_of() { # NAME ELEMENT...
  printf '  set %s { type ipv4_addr; flags interval; auto-merge;' "$1"
  shift
  if [ $# -gt 0 ]; then (IFS=,; printf ' elements = { %s };' "$*"); fi
  printf ' }\n'
}

print_rules() {
  # Adding first makes the deletion good whether it was there or not; nft does all of it at once or nothing.
  printf 'table %s %s {}\ndelete table %s %s\ntable %s %s {\n' $family $table $family $table $family $table
  set_of refused "${refused[@]}" ${further[@]+"${further[@]}"}
  set_of allowed ${allowed[@]+"${allowed[@]}"}
  set_of resolvers ${resolvers[@]+"${resolvers[@]}"}
  local own_resolver='# The engine answers DNS inside the containers.'
  if [ -n "$engine_dns" ]; then own_resolver='fib daddr . iif type local meta l4proto { tcp, udp } th dport 53 accept'; fi
  cat <<RULES
  chain through {
    type filter hook forward priority filter - 10; policy accept;
    iifname "$bridges*" jump tenant
  }
  chain tenant {
    # Answers to whoever connected to a container from outside.
    ct direction reply ct state established,related accept
    # The job's own containers: on the bridge that the packet came from. (Seen here at all with bridge-nf-call-iptables only.)
    fib daddr . iif oif exists accept
    ip daddr @allowed accept
    ip daddr @resolvers meta l4proto { tcp, udp } th dport 53 accept
    ip daddr @refused counter reject with icmpx admin-prohibited
    # Tenants have no IPv6: one set of ranges less to get wrong.
    meta nfproto ipv6 counter reject with icmpx admin-prohibited
  }
  chain in {
    type filter hook input priority filter - 10; policy accept;
    iifname "$bridges*" jump machine
  }
  chain machine {
    # Answers to the agent: its probes and the traffic of exposed ports.
    ct direction reply ct state established,related accept
    $own_resolver
    # Every address of this machine, and whatever listens on it.
    counter reject with icmpx admin-prohibited
  }
}
RULES
}

# What is loaded, without its counters.
loaded() { nft --stateless list table $family $table 2>/dev/null; }

digest() { sha256sum | cut -d' ' -f1; }

install_rules() {
  [ "$(id -u)" = 0 ] || die "install needs root"
  command -v nft >/dev/null || die "nft is missing: apt-get install nftables"
  read_options "$@"
  print_rules | nft -f - || die "nft refused the rules; nothing was changed"
  mkdir -p "$marker_dir"
  chmod 755 "$marker_dir"
  local part entry
  part=$(mktemp "$marker_dir/.active.XXXXXX")
  {
    printf 'rules %s\nbridges %s\n' "$(loaded | digest)" "$bridges"
    for entry in ${allowed[@]+"${allowed[@]}"}; do printf 'allow %s\n' "$entry"; done
    for entry in ${further[@]+"${further[@]}"}; do printf 'refuse %s\n' "$entry"; done
    for entry in ${resolvers[@]+"${resolvers[@]}"}; do printf 'resolver %s\n' "$entry"; done
  } > "$part"
  chmod 644 "$part"
  mv "$part" "$marker"
}

remove_rules() {
  [ "$(id -u)" = 0 ] || die "remove needs root"
  rm -f "$marker"
  if loaded >/dev/null; then nft delete table $family $table; fi
}

status() {
  [ "$(id -u)" = 0 ] || die "status needs root"
  if ! loaded >/dev/null; then echo "inactive: no rules are loaded"; return 1; fi
  if ! [ -e "$marker" ]; then echo "inactive: rules are loaded, but $marker is missing; run egress.sh install"; return 1; fi
  if [ "$(awk '$1 == "rules" { print $2 }' "$marker")" != "$(loaded | digest)" ]; then echo "changed: somebody edited the rules; run egress.sh install"; return 1; fi
  echo active
  grep -E '^(allow|refuse|resolver) ' "$marker" || true
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  install) install_rules "$@" ;;
  remove) remove_rules ;;
  status) status ;;
  rules) read_options "$@"; print_rules ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

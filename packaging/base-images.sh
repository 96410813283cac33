#!/usr/bin/env bash
# Stand-ins for the base images of ../Dockerfile, made from this machine, for an engine without a registry.
#
#   packaging/base-images.sh PACKAGES   imports stand-in/dotnet-sdk and stand-in/runtime-deps into the engine of DOCKER_HOST
#
# Both have busybox under all its names and this machine's C library and OpenSSL; the former has this machine's .NET SDK and the NuGet
# packages of the folder PACKAGES as well, and no other source of packages.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=packaging/debian.sh
. "$here/debian.sh"
PATH=$PATH:/usr/sbin:/sbin

[ $# -eq 1 ] && [ -d "$1" ] || die "usage: base-images.sh PACKAGES, a folder as 'dotnet restore --packages' fills it"
packages=$(readlink -f "$1")
dotnet=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}

# What a program needs of this machine, and what .NET loads by name.
libraries() {
  { ldd "$dotnet/dotnet" "$dotnet"/shared/Microsoft.NETCore.App/*/libcoreclr.so; ldconfig -p | grep -E 'lib(ssl|crypto)\.so\.3 '; } |
    grep -o '/[^ ]*\.so[^ ]*' | grep -vF "$dotnet/" | sort -u
}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
"$here/engine.sh" rootfs "$root"
mkdir "$root/base"
tar -x -C "$root/base" -f "$root/rootfs.tar"
libraries | while read -r library; do cp -L --parents "$library" "$root/base"; done
mkdir -p "$root/base/root/.nuget/NuGet"
echo '<configuration><packageSources><clear /></packageSources></configuration>' > "$root/base/root/.nuget/NuGet/NuGet.Config"

path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
tar -c -C "$root/base" . | docker import --change "ENV PATH=$path" - stand-in/runtime-deps >/dev/null
# Without what no build of C# reads.
sdk=${dotnet#/}/sdk
tar -c --exclude='*.nupkg' --exclude="$sdk/*/FSharp" --exclude="$sdk/*/DotnetTools" --exclude="$sdk/*/TestHost*" \
  --exclude="${dotnet#/}/templates" -C "$root/base" . -C / "${dotnet#/}" "${packages#/}" |
  docker import --change "ENV PATH=$dotnet:$path NUGET_PACKAGES=$packages NuGetAudit=false HOME=/root" \
    --change 'ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false' \
    --change 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1' - stand-in/dotnet-sdk >/dev/null

#!/usr/bin/env bash
# Writes the migration of the deployments' tables from what is in the source now, for both databases; for who changes a table.
#
#   packaging/migrations.sh NAME     such as AddWebhooks; look at what it wrote
#   packaging/migrations.sh check    fails when the tables and the migrations differ
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
tools=$root/artifacts/tools
project=$root/src/Nosana.Deployments

[ $# -eq 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2; }
version=$(sed -n 's/.*Microsoft.EntityFrameworkCore.Design" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
[ -x "$tools/dotnet-ef" ] || dotnet tool install dotnet-ef --version "$version" --tool-path "$tools"
# The package that writes them is referenced for this alone.
export WriteMigrations=true DOTNET_CLI_TELEMETRY_OPTOUT=1
for database in Sqlite Postgres; do
  if [ "$1" = check ]; then
    "$tools/dotnet-ef" migrations has-pending-model-changes --project "$project" --context "${database}Deployments"
  else
    "$tools/dotnet-ef" migrations add "$1" --project "$project" --context "${database}Deployments" --output-dir "Store/Migrations/$database"
  fi
done
# The tool writes a mark that the rest of the source does not have.
find "$project/Store/Migrations" -name '*.cs' -exec sed -i '1s/^\xEF\xBB\xBF//' {} +

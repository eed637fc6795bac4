#!/bin/sh
# The tests of the workspace also run on PostgreSQL: use installed server programs, else install Debian's where apt
# and root are there, else say what to install. The tests start and stop a server of their own, without root, on a
# socket in a temporary folder; a server that runs already is left alone. Skipping is never silent.
set -eu

found() {
    for folder in "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/postgres)")" \
        /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
        if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ]; then return 0; fi
    done
    return 1
}

found && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "No PostgreSQL found: installing Debian's package."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends postgresql >/dev/null 2>&1 ||
        { apt-get update >/dev/null && apt-get install -y --no-install-recommends postgresql >/dev/null; } ||
        echo "Installing it failed: apt-get could not reach or does not have the package." >&2
    found && exit 0
fi
cat >&2 <<'TEXT'
The tests of the workspace on PostgreSQL need its server programs (postgres, initdb), and none were found.
  Debian, Ubuntu:  sudo apt install postgresql
  Fedora:          sudo dnf install postgresql-server
  macOS:           brew install postgresql@17      (and put its bin folder on the PATH)
Without them those tests are reported as skipped; with CI or KPI_REQUIRE_POSTGRESQL set they fail.
TEXT
if [ -n "${CI:-}" ] || [ -n "${KPI_REQUIRE_POSTGRESQL:-}" ]; then exit 1; fi
exit 0

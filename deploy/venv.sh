#!/bin/sh
# A virtual environment, with a clear sentence where the machine lacks what it takes. Usage: venv.sh PYTHON FOLDER
set -eu
python=$1
folder=$2
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "wall135 needs Python 3.11 or newer; '$python' is not. Name another one: make PYTHON=python3.12 ..." >&2
    exit 1
fi
[ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
rm -rf "$folder"
if "$python" -m venv "$folder" 2>/dev/null; then exit 0; fi
rm -rf "$folder"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv "$folder"
else
    echo "'$python -m venv' does not work here. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
    exit 1
fi

#!/bin/sh
# What the tests need of the system: a browser, a Chinese font, an MQTT broker, a Redis, ffmpeg for a live view.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v mosquitto >/dev/null 2>&1 || [ -x /usr/sbin/mosquitto ] || missing="$missing mosquitto"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v ffmpeg >/dev/null 2>&1 || missing="$missing ffmpeg"
{ command -v fc-list >/dev/null 2>&1 && fc-list :lang=zh | grep -q .; } || missing="$missing fonts-noto-cjk fontconfig"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing for the tests:$missing"
    apt-get update -qq
    # Runlevel 1: the packages must not start services of their own on this machine.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
else
    echo "The tests need:$missing. On Debian or Ubuntu: sudo apt-get install$missing" >&2
    exit 1
fi

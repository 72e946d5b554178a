#!/bin/sh
# What the project needs beside Python and pip.
#   git             for the tool `git_history` and for pre-commit; without it nothing goes on
#   test:           chromium, npm and docker, for tests with a real browser, with clients from npm and with containers;
#                   without them those tests are skipped, and say so
set -eu

install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

if ! command -v git >/dev/null 2>&1 && ! install git; then
    echo "git is missing: install it (Debian, Ubuntu: sudo apt-get install git) and run make again" >&2
    exit 1
fi

if [ "${1:-}" = test ]; then
    command -v chromium >/dev/null 2>&1 || install chromium || echo "no chromium: tests with a browser will be skipped" >&2
    command -v npm >/dev/null 2>&1 || install nodejs npm || echo "no npm: tests with clients from npm will be skipped" >&2
    command -v dockerd >/dev/null 2>&1 || [ -S /var/run/docker.sock ] || install docker.io iproute2 || echo "no dockerd: tests with containers will be skipped" >&2
fi

#!/bin/sh
# What the project needs beside Python and pip: git, for the tool `git_history` and for pre-commit.
set -eu
command -v git >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq git >/dev/null
else
    echo "git is missing: install it (Debian, Ubuntu: sudo apt-get install git) and run make again" >&2
    exit 1
fi

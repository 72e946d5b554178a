#!/bin/sh
# The main job, on the reference tools: check and publish, find, load back from the Hub and call.
set -eu
toolreg=$1
show() { printf '\n$ toolreg %s\n' "$*"; "$toolreg" "$@"; }

show publish tools/
show search table
show run local/table-profile path=tools/table_profile.files/people.csv
show run local/word-count text='To be, or not to be.' top=2

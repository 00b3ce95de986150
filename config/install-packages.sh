#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages of the purposes named (see config/packages) that
# are missing; asks for sudo where it is not root. Does nothing when none is.
here=$(dirname "$0")
missing=
for purpose in "$@"; do
	for p in $(sed -n "s/^$purpose //p" "$here/packages"); do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' ||
			missing="$missing $p"
	done
done
[ -z "$missing" ] && exit 0
echo "installing:$missing"
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
	echo "could not install:$missing - install them by hand and try again" >&2
	exit 1
}

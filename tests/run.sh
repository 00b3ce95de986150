#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs test programs and scripts one after the other, each with a time limit,
# and ends with the line "N passed, N failed". A test that stops without a
# result counts as failed. Usage: tests/run.sh LIMIT_SECONDS program...
limit=$1
shift
passed=0
failed=0
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
for t in "$@"; do
	case $t in
	*.py) timeout -k 5 "$limit" python3 "$t" >"$tmp" 2>&1 ;;
	*) timeout -k 5 "$limit" "$t" >"$tmp" 2>&1 ;;
	esac
	rc=$?
	ok=$(grep -c '^\[       OK \]' "$tmp")
	bad=$(grep -c '^\[  FAILED  \] .*[a-z_]$' "$tmp")
	[ "$bad" -gt 0 ] && bad=$((bad / 2 > 0 ? bad / 2 : 1))
	[ "$rc" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
	[ "$rc" -eq 0 ] && [ "$ok" -eq 0 ] && bad=1
	passed=$((passed + ok))
	failed=$((failed + bad))
	if [ "$bad" -gt 0 ]; then
		echo "FAIL $t (exit $rc)"
		tail -n 60 "$tmp" | sed 's/^/    /'
	else
		echo "ok   $t ($ok)"
	fi
done
[ -n "$SUMMARY" ] && echo "$passed $failed" >>"$SUMMARY"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

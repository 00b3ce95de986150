#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demonstration: vtamsim on 127.0.0.2, snagate on 127.0.0.1.
# Usage: demo.sh run|start|stop, from the project folder ("make run" does it).
# "run" stays in the foreground until Ctrl-C; "start" leaves both in the
# background, with run/snagate.pid and run/vtamsim.pid.
bin=${B:-build}
run=run
demo=config/demo

certificate()
{
	[ -s "$run/server.pem" ] && [ -s "$run/server.key" ] && return 0
	(umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-nodes -days 825 -subj "/CN=snagate.demo" \
		-addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
		-keyout "$run/server.key" -out "$run/server.pem") >"$run/openssl.log" 2>&1 || {
		echo "demo: could not make the test certificate, see $run/openssl.log" >&2
		exit 1
	}
}

alive()
{
	[ -s "$run/$1.pid" ] && kill -0 "$(cat "$run/$1.pid")" 2>/dev/null &&
		grep -q "$1" "/proc/$(cat "$run/$1.pid")/comm" 2>/dev/null
}

# Waits until the program answers its operator, or has ended.
ready()
{
	n=0
	while [ $n -lt 100 ]; do
		"$bin/vtamcon" -s "$run/$1.sock" "D NET,VTAMOPTS,OPTION=NETID" >/dev/null 2>&1 && return 0
		# not alive(): just begun it may still be called sh
		kill -0 "$(cat "$run/$1.pid")" 2>/dev/null || break
		sleep 0.1
		n=$((n + 1))
	done
	echo "demo: $1 did not start:" >&2
	tail -n 5 "$run/$1.log" >&2
	stop
	exit 1
}

stop()
{
	for p in snagate vtamsim; do
		alive $p || { rm -f "$run/$p.pid"; continue; }
		pid=$(cat "$run/$p.pid")
		kill -TERM "$pid" 2>/dev/null
		n=0
		while [ $n -lt 50 ] && kill -0 "$pid" 2>/dev/null; do
			sleep 0.1
			n=$((n + 1))
		done
		kill -KILL "$pid" 2>/dev/null
		rm -f "$run/$p.pid"
	done
}

start()
{
	mkdir -p "$run"
	for p in snagate vtamsim; do
		alive $p && { echo "demo: $p runs already (pid $(cat "$run/$p.pid")); make stop ends it" >&2
			exit 1; }
	done
	certificate
	"$bin/vtamsim" --vtamlst $demo/host/vtamlst --commands $demo/host/commands \
		--console "$run/vtamsim.sock" --foreground >"$run/vtamsim.log" 2>&1 &
	echo $! >"$run/vtamsim.pid"
	ready vtamsim
	"$bin/snagate" --vtamlst $demo/gw/vtamlst --profile $demo/gw/telnet.profile \
		--console "$run/snagate.sock" --foreground >"$run/snagate.log" 2>&1 &
	echo $! >"$run/snagate.pid"
	ready snagate
	cat <<END
Snagate is up: 127.0.0.1 port 2323 (plain) and 2992 (TLS), host NETA.HOST1 behind it.
  log on:   c3270 127.0.0.1:2323          then type  LOGON APPLID(ECHO)  or  LOGON APPLID(TSODEMO)
  TLS:      c3270 -noverifycert L:127.0.0.1:2992
  print:    pr3287 -command "cat >> paper.txt" PRT00001@127.0.0.1:2323   then  LOGON APPLID(PRTDEMO)
  operator: $bin/vtamcon -s $run/snagate.sock     (the host's: -s $run/vtamsim.sock), try  D NET,MAJNODES
  stop:     $1            logs: $run/snagate.log $run/vtamsim.log
END
}

case $1 in
start) start "make stop" ;;
stop) stop ;;
run)
	trap 'stop; exit 0' INT TERM
	start "Ctrl-C   "
	while alive snagate && alive vtamsim; do
		sleep 1 &
		wait $!
	done
	echo "demo: a program has ended, see $run/*.log" >&2
	stop
	exit 1
	;;
*)
	echo "usage: demo.sh run|start|stop" >&2
	exit 2
	;;
esac

#!/bin/sh
# A laboratory for texts over a modem: smstools and gammu-smsd as they are installed, each with a modem of software.
#
#     tools/modem_lab.sh start      sets both up below $MODEM_LAB_RUN (by itself /tmp/modem-lab), starts everything
#     tools/modem_lab.sh stop       stops what it started, and nothing else
#
# With: apt-get install --no-install-recommends smstools gammu-smsd libdbd-sqlite3 sqlite3
# Nothing of the machine's own set-up in /etc and /var is touched. What the modems took is in smstools.log, gammu.log.
set -eu

RUN=${MODEM_LAB_RUN:-${TMPDIR:-/tmp}/modem-lab}
TOOLS=$(cd "$(dirname "$0")" && pwd)
PYTHON=${PYTHON:-python3}
SCHEMA=/usr/share/doc/gammu-smsd/examples/sqlite.sql

say() { printf '%s\n' "modem lab: $*"; }

begin() {  # begin NAME COMMAND…: in the background, its process noted
    name=$1; shift
    setsid "$@" > "$RUN/$name.out" 2>&1 < /dev/null &
    echo $! > "$RUN/$name.pid"
}

smstools_settings() {
    cat <<END
devices = LAB
outgoing = $RUN/spool/outgoing
checked = $RUN/spool/checked
sent = $RUN/spool/sent
failed = $RUN/spool/failed
incoming = $RUN/spool/incoming
report = $RUN/spool/report
logfile = $RUN/smsd.log
loglevel = 7
infofile = $RUN/smsd.working
pidfile = $RUN/smsd.own.pid
delaytime = 1
errorsleeptime = 1
blocktime = 5

[LAB]
device = $RUN/smstools.tty
incoming = yes
report = yes
send_retries = 1
END
}

gammu_settings() {
    cat <<END
[gammu]
device = $RUN/gammu.tty
connection = at115200

[smsd]
service = sql
driver = sqlite3
dbdir = $RUN/
database = smsd.db
logfile = $RUN/gammu-smsd.log
debuglevel = 255
deliveryreport = sms
commtimeout = 1
loopsleep = 1
receivefrequency = 1
statusfrequency = 5
checksecurity = 0
maxretries = 1
retrytimeout = 1
END
}

start() {
    for program in smsd gammu-smsd sqlite3; do
        command -v $program > /dev/null || { say "$program is not installed"; exit 2; }
    done
    rm -rf "$RUN"
    for folder in outgoing checked sent failed incoming report; do mkdir -p "$RUN/spool/$folder"; done
    smstools_settings > "$RUN/smsd.conf"
    gammu_settings > "$RUN/gammu.conf"
    (zcat -f "$SCHEMA" 2> /dev/null || zcat "$SCHEMA.gz") | sqlite3 "$RUN/smsd.db"
    begin modem-smstools "$PYTHON" "$TOOLS/soft_modem.py" "$RUN/smstools.tty" "$RUN/smstools.log"
    begin modem-gammu "$PYTHON" "$TOOLS/soft_modem.py" "$RUN/gammu.tty" "$RUN/gammu.log"
    sleep 1
    begin smsd smsd -t -c "$RUN/smsd.conf"
    begin gammu-smsd gammu-smsd -c "$RUN/gammu.conf"
    wait_up
}

wait_up() {
    for second in $(seq 25); do
        sleep 1
        phones=$(sqlite3 "$RUN/smsd.db" "select count(*) from phones" 2> /dev/null || echo 0)
        [ "$phones" = 1 ] && [ -s "$RUN/smsd.log" ] && { say "both are up after ${second}s"; return; }
    done
    say "not up; look into $RUN/*.log and *.out"; exit 1
}

end() {  # end PROCESS: asked first; gammu-smsd may be waiting for its phone, and is not waited for
    kill "$1" 2> /dev/null || return 0
    for _ in 1 2 3 4 5; do sleep 1; kill -0 "$1" 2> /dev/null || return 0; done
    kill -9 "$1" 2> /dev/null || true
}

stop() {
    for name in smsd gammu-smsd modem-smstools modem-gammu; do
        [ -f "$RUN/$name.pid" ] || continue
        end "$(cat "$RUN/$name.pid")"
        rm -f "$RUN/$name.pid"
    done
    say stopped
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    *) say "start or stop"; exit 2 ;;
esac

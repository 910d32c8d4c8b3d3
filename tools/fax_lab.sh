#!/bin/sh
# A fax laboratory without telephone lines: HylaFAX and two software modems that call each other over loopback.
#
#     tools/fax_lab.sh start      sets both modems up, starts everything, waits until both lines are idle
#     tools/fax_lab.sh stop       stops what it started, and nothing else
#
# As root, with: apt-get install --no-install-recommends hylafax-server hylafax-client update-inetd iaxmodem ghostscript
# The line "caller" (0951 5550001) sends, the line "answerer" (0951 5550002) receives into /var/spool/hylafax/recvq.
# It writes modem files into /etc/hylafax and /etc/iaxmodem: not for a machine whose HylaFAX is at work.
set -eu

RUN=${FAX_LAB_RUN:-${TMPDIR:-/tmp}/fax-lab}
SPOOL=/var/spool/hylafax
LINES="caller:4570:4571:5550001 answerer:4571:4570:5550002"
COMMON='CountryCode: 86
AreaCode: 0951
LongDistancePrefix: 0
InternationalPrefix: 00
DialStringRules: etc/dialrules'

say() { printf '%s\n' "fax lab: $*"; }

begin() {  # begin NAME COMMAND…: in the background, its process noted
    name=$1; shift
    setsid "$@" > "$RUN/$name.log" 2>&1 < /dev/null &
    echo $! > "$RUN/$name.pid"
}

modem() {  # modem NAME OWN-PORT PEER-PORT NUMBER: a software modem and the fax line behind it
    cat > "/etc/iaxmodem/tty-$1" <<END
device /dev/tty-$1
owner uucp:uucp
mode 660
port $2
refresh 0
server 127.0.0.1:$3
peername $1
secret lab
cidname $1
cidnumber 0951$4
codec slinear
END
    cat > "/etc/hylafax/config.tty-$1" <<END
$COMMON
FAXNumber: +86.951.$4
LocalIdentifier: "95598 $1"
ModemType: Class1
RingsBeforeAnswer: 1
SpeakerVolume: off
DeviceMode: 0666
RecvFileMode: 0644
LogFileMode: 0644
ServerTracing: 0x001
SessionTracing: 0x00FFF
TagLineFont: etc/lutRS18.pcf
MaxRecvPages: 25
END
}

scheduler() {  # seconds instead of minutes between dials, so that a failed call is seen in a test
    printf '%s\n' "$COMMON"
    for why in Other NoAnswer Busy NoCarrier; do printf 'JobRetry%s: 8\n' $why; done
    for why in Other NoAnswer NoAns Busy NoCarrier; do printf 'JobReq%s: 8\n' $why; done
}

each_line() {  # each_line COMMAND: for every line, with its four fields
    for line in $LINES; do
        old=$IFS; IFS=:; set -- "$1" $line; IFS=$old
        "$1" "$2" "$3" "$4" "$5"
    done
}

start_modem() { begin "modem-$1" iaxmodem "tty-$1"; }
start_getty() { begin "getty-$1" /usr/sbin/faxgetty "tty-$1"; }
drop_line() { rm -f "/etc/iaxmodem/tty-$1" "/etc/hylafax/config.tty-$1" "$SPOOL/etc/config.tty-$1"; }

start() {
    command -v iaxmodem > /dev/null && [ -x /usr/sbin/hfaxd ] || { say "hylafax-server and iaxmodem are not installed"; exit 2; }
    mkdir -p "$RUN"
    [ -f "$RUN/config.before" ] || cp /etc/hylafax/config "$RUN/config.before"
    each_line modem
    scheduler > /etc/hylafax/config
    mkdir -p "$SPOOL/etc"; cp -R /etc/hylafax/. "$SPOOL/etc/"
    chown -R uucp "$SPOOL/etc"; chmod 600 "$SPOOL/etc/hosts.hfaxd"
    each_line start_modem; sleep 1
    begin faxq /usr/sbin/faxq -D; sleep 1
    begin hfaxd /usr/sbin/hfaxd -d -l 127.0.0.1 -i 4559
    each_line start_getty
    wait_idle
}

wait_idle() {
    for second in $(seq 40); do
        sleep 1
        [ "$(faxstat -s -h 127.0.0.1 2> /dev/null | grep -c 'Running and idle')" = 2 ] && { say "both lines idle after ${second}s"; return; }
    done
    say "the lines do not come up; look into $RUN/*.log"; exit 1
}

stop() {
    for name in getty-caller getty-answerer hfaxd faxq modem-caller modem-answerer; do
        [ -f "$RUN/$name.pid" ] || continue
        kill "$(cat "$RUN/$name.pid")" 2> /dev/null || true
        rm -f "$RUN/$name.pid"
    done
    each_line drop_line
    [ -f "$RUN/config.before" ] && mv "$RUN/config.before" /etc/hylafax/config
    say stopped
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    *) say "start or stop"; exit 2 ;;
esac

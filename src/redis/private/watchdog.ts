import type { Timings } from '../../timings.ts';

/**
 * The shell script that runs a private Redis server and stops it when its owner is gone.
 *
 * The owner holds the other end of standard input; the kernel closes it when the owner ends, also
 * after SIGKILL. The shell then sends SIGTERM, with which the server writes its data and ends, and
 * SIGKILL `watchdogMs` later. The shell leads a session of its own, so that Ctrl-C on the terminal
 * reaches only the owner, which needs Redis for its drain. The watcher is a second process: when
 * one is killed, the other still ends the server or follows it.
 *
 * Arguments and exit status are those of the server; status 127 means that PATH has none. Files are
 * private to the user (umask), and the server gets only PATH from the environment, without the key.
 */
export function watchdog({ watchdogMs }: Timings): string {
  const limit = Math.ceil(watchdogMs / 1000);
  return `
umask 077
server=$(command -v redis-server || command -v valkey-server) || exit 127
exec 3<&0 </dev/null
env -i PATH="$PATH" "$server" "$@" 3<&- &
pid=$!
{
  read -r _ <&3
  kill -TERM "$pid"
  tries=0
  while [ "$tries" -lt ${limit} ] && kill -0 "$pid"; do sleep 1; tries=$((tries + 1)); done
  kill -KILL "$pid"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$pid"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;
}

import type { Timings } from '../timings.ts';

/**
 * The shell script that runs a private Redis server and stops it when its owner is gone.
 *
 * The owner holds the other end of standard input; the kernel closes it whatever ends the owner,
 * SIGKILL too. Only then, or when the owner closes it on purpose, is the server asked to stop
 * (SIGTERM: it writes what it has and leaves), and killed when it has not left `watchdogMs` later. The
 * shell leads a session of its own, so that Ctrl-C on the terminal reaches the owner alone, which still
 * needs Redis to drain. The watcher is a process beside the shell: when either of the two is
 * killed, the other still ends the server or follows it.
 *
 * Arguments: the server's. Exit status: the server's; 127 when there is none on PATH. Files are
 * private to the user (umask) and the server gets no environment but PATH: the API key is in ours.
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

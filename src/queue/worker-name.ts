/** A worker process, as its connections to Redis and the jobs in its hands name it. */
export interface WorkerName {
  host: string;
  version: string;
  pid: number;
}

const FORM = /^([\w.-]+)~([\w.+-]+)~(\d+)$/;

/** Name of a worker: no spaces, which Redis refuses in names of clients. */
export function workerName({ host, version, pid }: WorkerName): string {
  const safe = (text: string) => text.replace(/[^\w.+-]/g, '_') || '_';
  return `${safe(host).replaceAll('+', '_')}~${safe(version)}~${pid}`;
}

/** The parts of a name; undefined for one that this program did not give. */
export function parseWorkerName(name: string): WorkerName | undefined {
  const [, host = '', version = '', pid] = FORM.exec(name) ?? [];
  return pid === undefined ? undefined : { host, version, pid: Number(pid) };
}

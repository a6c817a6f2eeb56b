import { request } from 'node:http';
import { text } from 'node:stream/consumers';

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request with its address as it stands, which `fetch` would correct first. */
export function rawRequest(base: string, path: string, { method, headers, body }: Sent = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(base);
      const asked = request({ hostname, port, path, method, headers, agent: false });
      asked.on('response', (answer) => {
        text(answer).then(
          (read) =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: read }),
          reject,
        );
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );
}

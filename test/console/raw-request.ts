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
        const { statusCode: status = 0, headers } = answer;
        // A stream does not end by itself.
        if (headers['content-type'] === 'text/event-stream') {
          answer.destroy();
          return resolve({ status, headers, text: '' });
        }
        text(answer).then((read) => resolve({ status, headers, text: read }), reject);
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );
}

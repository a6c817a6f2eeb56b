import { downloadRows } from '../../overview/download-rows.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { loggedFault } from '../logged-fault.ts';
import type { ConsoleContext, Route } from '../route.ts';
import { noteShown } from './note-reading.ts';

const types = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;

const kinds = ['report', 'failed', 'rejected'] as const;
type Kind = (typeof kinds)[number];
type Format = keyof typeof types;

/** People of a batch as files, streamed. Each is recorded before its first byte. */
export function downloadRoutes(deps: ConsoleDeps): Route[] {
  const formats = Object.keys(types) as Format[];
  return kinds.flatMap((kind) =>
    formats.map((format): Route => {
      const handle = (c: ConsoleContext) => download(deps, c, { kind, format });
      return { method: 'GET', path: `/batches/:id/${kind}.${format}`, needs: 'download', handle };
    }),
  );
}

async function download(
  deps: ConsoleDeps,
  c: ConsoleContext,
  { kind, format }: { kind: Kind; format: Format },
): Promise<Response> {
  const batch = c.req.param('id') ?? '';
  const code = c.req.query('code') || undefined;
  const name = `${batch}-${kind}.${format}`;
  const pieces = await downloadRows(deps.readable, batch, { kind, format, code });
  if (c.req.method === 'GET') await noteShown(deps, c.get('viewer'), { batch, what: kind });
  return sendRows(deps, c, { pieces, format, name });
}

interface Sending {
  pieces: AsyncIterable<string>;
  format: Format;
  /** Name of the file for the browser. */
  name: string;
}

/** Sends a file piece by piece. */
export function sendRows(
  deps: ConsoleDeps,
  c: ConsoleContext,
  { pieces, format, name }: Sending,
): Response {
  c.header('Content-Type', types[format]);
  c.header('Content-Disposition', `attachment; filename="${name}"`);
  const cut = (error: unknown) => {
    deps.logger.warn({ name, ...loggedFault(error) }, 'download broke off');
    c.env.outgoing.destroy();
  };
  if (c.req.method === 'HEAD') return c.body(null);
  return c.body(bytesOf(pieces, cut));
}

/** Characters sent together: row by row a compressed report takes about three times as long. */
const SENT_TOGETHER = 65_536;

/** The pieces in larger ones; the first one, a header, goes by itself and at once. */
async function* enlarged(pieces: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let text = '';
  let isFirst = true;
  for await (const piece of pieces) {
    text += piece;
    if (!isFirst && text.length < SENT_TOGETHER) continue;
    isFirst = false;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/**
 * The pieces as bytes. An error in the middle calls `cut`, which ends the connection, so that a part
 * is not taken for the whole; the HTTP server would append its text to the file.
 */
function bytesOf(pieces: AsyncIterable<string>, cut: (error: unknown) => void) {
  const encoder = new TextEncoder();
  const iterator = enlarged(pieces);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        cut(error);
      }
    },
    async cancel() {
      await iterator.return(undefined);
    },
  });
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Context } from 'hono';

/** Style and script of the pages. */
export interface Assets {
  /** Address of the folder; it changes with the content, so that browsers may keep the files. */
  base: string;
  files: ReadonlyMap<string, { type: string; body: string }>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const FOLDERS = ['browser/', 'styles/'];

/** Reads the files that the build left below `folder`. */
export function loadAssets(folder: URL): Assets {
  const files = new Map<string, { type: string; body: string }>();
  const styles: string[] = [];
  for (const name of FOLDERS) {
    for (const file of readdirSync(new URL(name, folder)).sort()) {
      const body = readFileSync(new URL(name + file, folder), 'utf8');
      if (extname(file) === '.css') styles.push(body);
      else files.set(file, { type: types[extname(file)] ?? 'text/plain', body });
    }
  }
  files.set('console.css', { type: types['.css'] ?? '', body: styles.join('\n') });
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(name).update(body);
  return { base: `/assets/${hash.digest('base64url').slice(0, 12)}/`, files };
}

/** Answers a request for one of the files. */
export function serveAsset({ base, files }: Assets, c: Context): Response {
  const file = files.get(c.req.param('file') ?? '');
  // Browsers keep a file under its address for a year: that of another version has other content.
  if (file === undefined || !c.req.path.startsWith(base)) {
    return c.text('no such file', 404, { 'cache-control': 'no-store' });
  }
  return c.body(file.body, 200, {
    'content-type': file.type,
    'cache-control': 'public, max-age=31536000, immutable',
  });
}

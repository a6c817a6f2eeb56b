import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../src');

/** What each part may import of the others; what is not listed is forbidden. */
const ALLOWED: Record<string, readonly string[]> = {
  // The public entry of the package only names what others define.
  index: ['library', 'ledger', 'account-types', 'errors'],
  library: [
    'actor',
    'intake',
    'batch',
    'queue',
    'ledger',
    'portal',
    'redis',
    'account-types',
    'person',
    'config',
    'shutdown',
    'errors',
    'logger',
    'timings',
  ],
  // What is known before a submission is held against what it needs; nothing is written.
  preflight: [
    'account-types',
    'batch',
    'queue',
    'ledger',
    'portal',
    'redis',
    'person',
    'errors',
    'timings',
  ],
  // The executable only hands itself over, so that tests can run the same with other waits.
  cli: ['main', 'timings'],
  main: ['commands', 'errors', 'last-words', 'shutdown', 'timings'],
  commands: [
    'actor',
    'preflight',
    'intake',
    'batch',
    'worker',
    'notify',
    'dashboard',
    'sandbox',
    'queue',
    'ledger',
    'portal',
    'redis',
    'person',
    'account-types',
    'config',
    'shutdown',
    'errors',
    'logger',
    'timings',
  ],
  intake: ['account-types', 'person', 'errors'],
  batch: ['actor', 'queue', 'ledger', 'account-types', 'person', 'errors', 'logger', 'timings'],
  // The invite reconciles and the keeper mends: that is a producer's work, on queue and ledger.
  worker: [
    'actor',
    'batch',
    'queue',
    'ledger',
    'portal',
    'notify',
    'person',
    'redact',
    'store-trouble',
    'errors',
    'logger',
    'timings',
  ],
  // An address, a text and their answer: no batch and no queue.
  notify: ['timings'],
  dashboard: ['queue', 'ledger', 'errors', 'logger', 'timings'],
  sandbox: ['errors', 'logger'],
  queue: ['person', 'errors', 'logger'],
  ledger: ['actor', 'account-types', 'person', 'errors', 'timings'],
  portal: ['account-types', 'person', 'redact', 'errors', 'logger', 'timings'],
  redis: ['store-trouble', 'errors', 'logger', 'timings'],
  'last-words': ['errors', 'redact'],
  config: ['environment', 'errors'],
  environment: [],
  shutdown: ['errors', 'logger', 'timings'],
  logger: ['redact'],
  redact: [],
  actor: [],
  person: ['account-types'],
  'account-types': [],
  'store-trouble': [],
  timings: [],
  errors: [],
};

/** Small files without imports, which every part may use. */
const LEAVES = ['count', 'defined', 'durations', 'loopback'];

/** The only places that may know these packages. */
const PACKAGES: Record<string, readonly string[]> = {
  bullmq: ['queue', 'worker', 'dashboard'],
  ioredis: ['redis', 'ledger', 'queue', 'worker', 'commands'],
  undici: ['portal', 'notify'],
  commander: ['commands', 'main'],
  hono: ['dashboard', 'sandbox'],
  pino: ['logger'],
  'csv-parse': ['intake'],
};

interface SourceFile {
  path: string;
  part: string;
  text: string;
  imports: string[];
}

const files: SourceFile[] = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)];
    return { path, part: partOf(path), text, imports: specifiers.map(([, name = '']) => name) };
  });

function partOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.tsx?$/, '');
}

function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return relative(ROOT, resolve(ROOT, dirname(file.path), specifier));
}

function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

test('the files are read', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.find((file) => file.path === 'main.ts')?.imports).toContain('./errors.ts');
});

test('imports run in the directions of the architecture only', () => {
  const forbidden = files.flatMap((file) =>
    file.imports.flatMap((specifier) => {
      const target = targetOf(file, specifier);
      if (target === undefined || partOf(target) === file.part) return [];
      const allowed = [...LEAVES, ...(ALLOWED[file.part] ?? [])].includes(partOf(target));
      return allowed ? [] : [`${file.path} imports ${target}`];
    }),
  );
  expect(forbidden).toEqual([]);
});

test('a leaf imports nothing', () => {
  const leaves = files.filter((file) => LEAVES.includes(file.part));
  expect(leaves.flatMap((file) => file.imports)).toEqual([]);
});

test('every part has its rule', () => {
  const named = [...LEAVES, ...Object.keys(ALLOWED)];
  expect([...new Set(files.map((file) => file.part))].sort()).toEqual(named.sort());
});

test('a package is known to its parts only', () => {
  const strays = files.flatMap((file) =>
    file.imports
      .map((specifier) => specifier.split('/')[0] ?? '')
      .filter((name) => PACKAGES[name]?.includes(file.part) === false)
      .map((name) => `${file.path} imports ${name}`),
  );
  expect(strays).toEqual([]);
});

test('no file imports itself in a circle', () => {
  const edges = new Map(
    files.map((file) => [file.path, file.imports.flatMap((name) => targetOf(file, name) ?? [])]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail, path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

/** The packages that a file loads before anything of it runs. */
function loadedBy(start: string): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const file = files.find((each) => each.path === path);
    // `import()` and `require` load when they run, imports of types nothing.
    const isLoaded = /^(?:import|export) (?!type\b)(?:[^;]*? from )?'([^']+)';$/gm;
    for (const [, name = ''] of (file?.text ?? '').matchAll(isLoaded)) {
      const target = file && targetOf(file, name);
      if (target !== undefined) visit(target);
      else if (!name.startsWith('node:')) packages.add(name);
    }
  };
  visit(start);
  return [...packages].sort();
}

test.each([
  ['cli.ts', ['commander']],
  ['commands/status.ts', ['zod']],
  ['commands/report.ts', ['zod']],
  ['commands/find.ts', ['zod']],
  ['commands/completion.ts', ['zod']],
])('%s loads no package that it could do without: a start is short', (path, packages) => {
  expect(loadedBy(path)).toEqual(packages);
});

test('waits are handed down from where the program is composed', () => {
  const importing = /import \{[^}]*\btimings\b[^}]*\} from '[./]+timings\.ts'/;
  const found = files.filter((file) => importing.test(file.text)).map((file) => file.path);
  expect(found).toEqual(['cli.ts', 'library/onboard.ts']);
});

test.each([
  ['process.env', /process\.env/, ['config.ts']],
  ['process.exit', /process\.exit\(/, ['main.ts']],
  ['console', /\bconsole\./, []],
  ['any', /: any\b|<any>|\bas any\b/, []],
  ['as unknown as', /as unknown as/, []],
  ['default exports', /export default/, []],
])('%s stands nowhere but where it belongs', (_, pattern, allowed: string[]) => {
  const found = files.filter((file) => pattern.test(code(file.text))).map((file) => file.path);
  expect(found.filter((path) => !allowed.includes(path))).toEqual([]);
});

test('only the public entry exports what other files define', () => {
  const passed = files.filter((file) =>
    /export (?:type )?(?:\{[^}]*\}|\*) from '\./.test(file.text),
  );
  expect(passed.map((file) => file.path)).toEqual(['index.ts']);
});

test('no file is longer than 250 lines', () => {
  const long = files.filter((file) => file.text.split('\n').length > 251).map((file) => file.path);
  expect(long).toEqual([]);
});

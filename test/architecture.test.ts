import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ALLOWED, LEAVES, PACKAGES } from './architecture-rules.ts';

const ROOT = resolve(import.meta.dirname, '../src');

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
  const [part = '', inner = ''] = path.replace(/\.tsx?$/, '').split('/');
  return `${part}/${inner}` in ALLOWED ? `${part}/${inner}` : part;
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

test('a leaf imports nothing but Node', () => {
  const leaves = files.filter((file) => LEAVES.includes(file.part));
  const imports = leaves.flatMap((file) => file.imports);
  expect(imports.filter((name) => !name.startsWith('node:'))).toEqual([]);
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

/** Packages that a file loads before its own code runs. */
function loadedBy(start: string): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const file = files.find((each) => each.path === path);
    // `import()` and `require` load when they run; imports of types load nothing.
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
  ['commands/follow/status.ts', ['zod']],
  ['commands/rows/report.ts', ['zod']],
  ['commands/rows/find.ts', ['zod']],
  ['commands/completion/completion.ts', ['zod']],
])('%s loads no package that it could do without: a start is short', (path, packages) => {
  expect(loadedBy(path)).toEqual(packages);
});

test('waits are handed down from where the program is composed', () => {
  const importing = /import \{[^}]*\btimings\b[^}]*\} from '[./]+timings\.ts'/;
  const found = files.filter((file) => importing.test(file.text)).map((file) => file.path);
  expect(found).toEqual(['cli.ts', 'library/onboard.ts']);
});

test.each([
  ['process.env', /process\.env/, ['config/config.ts']],
  ['process.exit', /process\.exit\(/, ['main.ts']],
  ['console', /\bconsole\.\w+\(/, []],
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

test('no two files have the same name', () => {
  const names = files.map((file) => basename(file.path));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  expect(twice).toEqual([]);
});

test('no file is longer than 250 lines', () => {
  const long = files.filter((file) => file.text.split('\n').length > 251).map((file) => file.path);
  expect(long).toEqual([]);
});

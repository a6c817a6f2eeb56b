// Puts the command line into a few files, `dist/cli.js` and `dist/bundle`: the last step of
// `npm run build`. docs/decisions/0030-commands-in-few-files.md has the reasons.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = resolve(ROOT, 'src');
const DIST = resolve(ROOT, 'dist');
const BUNDLE = resolve(DIST, 'bundle');

/** Packages in the bundle, with their dependencies. All others are loaded from node_modules. */
const BUNDLED = ['bullmq', 'commander', 'ioredis', 'zod'];

/** Optional packages, which BullMQ and ioredis do without. */
const OPTIONAL = ['bullmq-otel', 'pg', 'redis', 'supports-color'];

/** Reads strings of messages faster, which BullMQ only writes. Absent, it needs no file of its own. */
const NATIVE = 'msgpackr-extract';

const IMPORT = /^(?:import|export) (?!type\b)(?:[^;]*? from )?'(\.[^']+)';$/gm;

/**
 * Files of src that these need before their own code runs.
 * @param {readonly string[]} names
 */
function reachable(names) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} path */
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    const imports = readFileSync(path, 'utf8').matchAll(IMPORT);
    for (const [, name = ''] of imports) visit(resolve(dirname(path), name));
  };
  for (const name of names) visit(resolve(SRC, `${name}.ts`));
  return found;
}

/** @param {string} id */
const packageOf = (id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];

/** @param {string} name */
const folderOf = (name) => resolve(ROOT, 'node_modules', name);

/** @param {string} name */
const manifestOf = (name) =>
  JSON.parse(readFileSync(resolve(folderOf(name), 'package.json'), 'utf8'));

/**
 * A package with all that it depends on.
 * @param {string} name @returns {string[]}
 */
const withDependencies = (name) => [
  name,
  ...Object.keys(manifestOf(name).dependencies ?? {}).flatMap(withDependencies),
];

const start = reachable(['main', 'timings']);
const reading = reachable(['commands/follow/status']);
const queues = reachable(['commands/open/store', 'batch/repair']);
const ofIoredis = withDependencies('ioredis');

/**
 * The file of the bundle that a file goes into; null where the bundler decides.
 * @param {string} id
 */
function fileOf(id) {
  const name = packageOf(id);
  if (start.has(id)) return 'start';
  if (reading.has(id)) return 'reading';
  if (queues.has(id)) return 'queues';
  if (name === undefined) return null;
  if (name === 'commander') return 'start';
  if (name === 'zod') return 'zod';
  return ofIoredis.includes(name) ? 'ioredis' : 'bullmq';
}

/** Names of the packages in the bundle. @type {Set<string>} */
const included = new Set();

/** Stands for the address of a file of dist, until its file of the bundle has a name. */
const PLACE = /__PLACE__\("([^"]+)"\)/g;

/**
 * An import of a module of Node. `import` reads every export of it, and some of them open or load
 * more, as `process.stdin` and `crypto.webcrypto`. `getBuiltinModule` reads none.
 */
const BUILTIN = /^import (?:([\w$]+)(?:, )?)?(?:{(.+)})? from "(node:[\w/]+)";$/gm;

/**
 * A module of a package. In Node 20, V8 parses an arrow function twice, here and at its call, but a
 * function in parentheses only once.
 */
const WRAPPED = /__commonJSMin\(\(\(?([\w$, ]*)\)? => {/g;

/** @type {import('rolldown').Plugin} */
const asBundled = {
  name: 'as-bundled',
  resolveId: { filter: { id: new RegExp(`^${NATIVE}$`) }, handler: () => `\0${NATIVE}` },
  load(id) {
    return id === `\0${NATIVE}` ? 'module.exports = undefined;' : null;
  },
  transform: {
    filter: { id: /\/src\// },
    handler(_, id, { magicString: code }) {
      if (code === undefined) throw new Error('rolldown gave no text to change');
      code.replaceAll(/requirePackage\('(bullmq|ioredis)'\)/g, "require('$1')");
      const place = JSON.stringify(relative(SRC, id).replace(/\.tsx?$/, '.js'));
      if (!id.endsWith('require-package.ts'))
        code.replaceAll('import.meta.url', `__PLACE__(${place})`);
      return code.hasChanged() ? { code } : null;
    },
  },
  moduleParsed({ id }) {
    const name = packageOf(id);
    if (name !== undefined) included.add(name);
  },
  renderChunk(text, { fileName }, _, { magicString: code }) {
    for (const [found, whole, parts = '', name] of text.matchAll(BUILTIN)) {
      const module = `globalThis.process.getBuiltinModule(${JSON.stringify(name)})`;
      const names = [whole, parts && `{${parts.replaceAll(' as ', ':')}}`].filter(Boolean);
      code?.replaceAll(found, names.map((each) => `const ${each}=${module};`).join(''));
    }
    code?.replaceAll(WRAPPED, '__commonJSMin((function($1) {');
    for (const [found, path = ''] of text.matchAll(PLACE)) {
      const from = relative(dirname(fileName), path);
      const address = JSON.stringify(from.startsWith('.') ? from : `./${from}`);
      code?.replaceAll(found, `new URL(${address}, import.meta.url)`);
    }
    return code?.hasChanged() ? { code } : null;
  },
};

rmSync(BUNDLE, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries(
    ['cli', 'main', 'timings'].map((name) => [name, resolve(SRC, `${name}.ts`)]),
  ),
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  external(id, importer = '') {
    if (/^[./\0]/.test(id) || id === NATIVE) return false;
    return OPTIONAL.includes(id) || (packageOf(importer) === undefined && !BUNDLED.includes(id));
  },
  plugins: [asBundled],
  experimental: { nativeMagicString: true },
});
await bundle.write({
  dir: DIST,
  format: 'esm',
  sourcemap: true,
  comments: false,
  // Names stay, for stack traces.
  minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  entryFileNames: ({ name }) => (name === 'cli' ? 'cli.js' : 'bundle/[name].js'),
  chunkFileNames: 'bundle/[name].js',
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ name: fileOf, debugName: 'by command' }],
  },
});
await bundle.close();

const licences = [...included].sort().map((name) => {
  const file = readdirSync(folderOf(name)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence text to ship`);
  const { version, license } = manifestOf(name);
  return `${name} ${version} (${license})\n\n${readFileSync(resolve(folderOf(name), file), 'utf8')}`;
});
writeFileSync(resolve(BUNDLE, 'LICENSES.txt'), licences.join('\n---\n\n'));

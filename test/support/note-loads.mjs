// Given to `node --import`: appends the address of every file that the process loads to the file
// that LOADED_FILES names. Modules pass a hook; what `require` loads stays in its cache.
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const file = process.env.LOADED_FILES ?? '';
const hook = `
import { appendFileSync } from 'node:fs';
export function load(url, context, next) {
  appendFileSync(${JSON.stringify(file)}, url + '\\n');
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
process.on('exit', () => {
  const paths = Object.keys(createRequire(import.meta.url).cache);
  appendFileSync(file, paths.map((path) => `${pathToFileURL(path)}\n`).join(''));
});

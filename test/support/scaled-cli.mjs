// The executable with other waits than the product's: the first argument holds them, as JSON. Built
// code, because Node 20 cannot run TypeScript; the imports are computed, because a type check comes
// before a build.
import process from 'node:process';

/** @param {string} name */
const built = (name) => import(new URL(`../../dist/bundle/${name}.js`, import.meta.url).href);
const [{ main }, { timings }] = await Promise.all([built('main'), built('timings')]);
const [waits = '{}'] = process.argv.splice(2, 1);
await main(process, { ...timings, ...JSON.parse(waits) });

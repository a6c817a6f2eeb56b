// Compares a test portal with the facts of docs/portal.md.
// Usage: npm run conformance -- --url URL --key-file FILE --yes-this-is-a-test-portal [--even-so]
import { conformanceArguments } from './arguments.ts';
import { conform } from './conform.ts';

const given = (() => {
  try {
    return conformanceArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`conformance: ${error instanceof Error ? error.message : error}`);
    return process.exit(2);
  }
})();

process.exitCode = await conform(given, { print: (line) => console.log(line) });

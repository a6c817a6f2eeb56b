import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Checked arguments of conformance. */
export interface Arguments {
  url: string;
  key: string;
  /** Whether a portal with more than 20 people is accepted. */
  isLargeAccepted: boolean;
}

/**
 * Reads the arguments and the file of the key.
 * @throws {Error} one sentence for a flag that is missing, unknown or has no usable value
 */
export function conformanceArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      'key-file': { type: 'string' },
      'yes-this-is-a-test-portal': { type: 'boolean', default: false },
      'even-so': { type: 'boolean', default: false },
    },
  });
  if (!values['yes-this-is-a-test-portal']) {
    throw new Error('this creates accounts: name a test portal, with --yes-this-is-a-test-portal');
  }
  return {
    url: addressOf(values.url),
    key: keyIn(values['key-file']),
    isLargeAccepted: values['even-so'],
  };
}

/** The key goes with every request, so that plain HTTP is for this machine only. */
function addressOf(given: string | undefined): string {
  const url = URL.canParse(given ?? '') ? new URL(given ?? '') : undefined;
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.origin;
  throw new Error('--url: give the address of the portal, such as https://portal.example.com');
}

function keyIn(path: string | undefined): string {
  if (path === undefined) throw new Error('--key-file: give a file with an API key of the portal');
  const key = textOf(path).trim();
  if (/^sk-\S+$/.test(key)) return key;
  throw new Error(`--key-file: ${path} does not hold one API key, which begins with "sk-"`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`--key-file: ${path} cannot be read`, { cause: error });
  }
}

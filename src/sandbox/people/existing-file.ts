import { readFile } from 'node:fs/promises';
import { messageOf, OnboardError } from '../../errors.ts';

/**
 * Reads the addresses of existing people: one per line, or a CSV in which the first cell with an
 * `@` is the address. Lines without an address, such as a header, are skipped.
 * @throws OnboardError E_FILE_UNREADABLE for an unreadable file or one without addresses
 */
export async function readExistingFile(path: string): Promise<string[]> {
  const text = await readText(path);
  const emails = text.split(/\r\n|\n|\r/).flatMap((line) => addressIn(line) ?? []);
  if (emails.length > 0) return emails;
  throw unreadable(path, 'has no line with an e-mail address');
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw unreadable(path, `cannot be read as UTF-8 text (${messageOf(error)})`, error);
  }
}

function addressIn(line: string): string | undefined {
  const cell = line.split(/[,;\t|]/).find((one) => one.includes('@'));
  return cell?.replace(/^\s*"(.*)"\s*$/, '$1').trim();
}

function unreadable(path: string, what: string, cause?: unknown): OnboardError {
  const text = `The file of existing people ${path} ${what}: give one e-mail address per line.`;
  return new OnboardError('E_FILE_UNREADABLE', text, { cause, details: { path } });
}

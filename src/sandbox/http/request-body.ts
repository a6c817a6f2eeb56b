import { PortalError, ValidationError } from './portal-exceptions.ts';
import type { Exchange } from './server-exchange.ts';

/** Kestrel's default (P-JSON-03). */
const MAX_BODY_BYTES = 30_000_000;
const JSON_TYPE = /^(?:application|text)\/json$|^application\/[^;]+\+json$/i;
const encodings: Readonly<Record<string, string>> = { 'utf-8': 'utf-8', 'utf-16': 'utf-16le' };

/**
 * The JSON of a request (P-CREATE-02, P-JSON-02).
 * @throws ValidationError for an unknown content type or charset, and an empty or malformed body
 * @throws PortalError 500 for a body over 30,000,000 bytes
 */
export async function readJson(exchange: Exchange): Promise<unknown> {
  const encoding = encodingOf(exchange.request.headers.get('content-type'));
  const declared = Number(exchange.request.headers.get('content-length') ?? 0);
  if (declared > MAX_BODY_BYTES) throw new PortalError('tooLarge', String(MAX_BODY_BYTES));
  const bytes = await bytesOf(exchange);
  if (bytes.byteLength > MAX_BODY_BYTES) throw new PortalError('tooLarge', String(MAX_BODY_BYTES));
  const value = parse(bytes, encoding);
  if (value === undefined || value === null) {
    throw new ValidationError({ '': ['A non-empty request body is required.'] });
  }
  return value;
}

/**
 * Counts entries with an e-mail for the invitation limiter, which precedes all checks of the body.
 */
export async function countInvitations(exchange: Exchange): Promise<number> {
  try {
    const value = parse(await bytesOf(exchange), 'utf-8');
    const entries = fieldsOf(value)?.get('invitations');
    if (!Array.isArray(entries)) return 0;
    return entries.filter((entry) => fieldsOf(entry)?.get('email')).length;
  } catch {
    return 0;
  }
}

/** The properties of a JSON object under lower-case names; undefined for anything else. */
export function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}

function bytesOf(exchange: Exchange): Promise<ArrayBuffer> {
  exchange.bytes ??= exchange.request.arrayBuffer();
  return exchange.bytes;
}

function encodingOf(contentType: string | null): string {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  if (!JSON_TYPE.test(type)) throw new ValidationError(undefined, 415);
  const charset = parameters.find((one) => /^charset=/i.test(one));
  const name = charset?.slice('charset='.length).replaceAll('"', '').toLowerCase() ?? 'utf-8';
  const encoding = encodings[name];
  if (encoding === undefined) throw new ValidationError(undefined, 415);
  return encoding;
}

function parse(bytes: ArrayBuffer, encoding: string): unknown {
  if (bytes.byteLength === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    throw new ValidationError({ $: ['The input is not valid JSON. Path: $.'] });
  }
}

import fc from 'fast-check';
import type { Answer, HttpAnswer, RequestFacts } from '../../src/portal/answer.ts';
import { accountDto, empty, envelope, html, shapeA, shapeB, shapeC } from '../portal/answers.ts';
import { types } from '../portal/verdict-of.ts';

/** Parts of the request that an answer may repeat, and a verdict must not. */
export interface Echo {
  key: string;
  email: string;
}

const KEY = /^sk-[0-9a-zA-Z_-]{8,64}$/;

export const echoes: fc.Arbitrary<Echo> = fc.record({
  key: fc.oneof(fc.constant('sk-0123456789abcdef'), fc.stringMatching(KEY)),
  email: fc.oneof(
    fc.constantFrom('jane.roe@example.com', "o'@example.com", 'a=@x.org', 'josé@example.com'),
    fc.emailAddress(),
  ),
});

export const requests: fc.Arbitrary<RequestFacts> = fc.record(
  {
    kind: fc.constantFrom('create', 'lookup', 'invite', 'whoami', 'settings'),
    type: fc.constantFrom('User', 'RoomAdmin', 'All'),
  },
  { requiredKeys: ['kind'] },
);

const headerNames = [
  'date',
  'retry-after',
  'x-ratelimit-limit',
  'x-ratelimit-reset',
  'content-type',
];
export const headers: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.oneof(fc.constantFrom(...headerNames), fc.string()),
  fc.oneof(fc.string(), fc.integer().map(String), fc.date({ noInvalidDate: true }).map(String)),
);

const status = fc.oneof(
  fc.constantFrom(200, 301, 400, 401, 402, 403, 404, 408, 415, 429, 500, 502, 503),
  fc.integer({ min: -1, max: 1100 }),
);

/** Texts of the portal, known and arbitrary, with key and address in the middle. */
function texts({ key, email }: Echo): fc.Arbitrary<string> {
  const any = fc.string({ unit: 'binary', maxLength: 60 });
  const known = ['Access denied', 'User already exist.', 'Duplicate Email', 'Duplicate UserName'];
  const told = fc.constantFrom(email, key, encodeURIComponent(email), `Bearer ${key}`, ...known);
  const between = fc.constantFrom(' ', '"', "'", '<', '(', ': ', '\n', '.', '?email=', '\u00a0');
  return fc.oneof(
    any,
    told,
    fc
      .array(fc.oneof(any, told, between), { minLength: 1, maxLength: 7 })
      .map((all) => all.join('')),
  );
}

/** Every known shape of an answer of the portal and its proxies. */
function shapes(echo: Echo): fc.Arbitrary<HttpAnswer> {
  const text = texts(echo);
  const type = fc.constantFrom(undefined, ...Object.values(types));
  const dto = fc.constantFrom(accountDto, { ...accountDto, email: echo.email });
  return fc.oneof(
    fc.tuple(status, text, type).map(([code, message, name]) => shapeA(code, message, name)),
    fc.tuple(fc.string(), text).map(([field, message]) => shapeB({ [field]: [message] })),
    fc.tuple(status, text).map(([code, title]) => shapeC(code, title)),
    status.map((code) => shapeC(code)),
    status.map((code) => empty(code)),
    status.map((code) => html(code)),
    dto.map((account) => envelope(account)),
    fc.jsonValue().map((value) => envelope(value)),
    fc.tuple(status, text).map(([code, body]) => ({ status: code, headers: {}, body })),
    fc.tuple(status, fc.json()).map(([code, body]) => ({ status: code, headers: {}, body })),
  );
}

type Change = (answer: HttpAnswer) => HttpAnswer;
const part = fc.double({ min: 0, max: 1, noNaN: true });
const wedge = fc.constantFrom('"', '\\', '}', '{', ']', ',', 'null', '\0', '\uFEFF', '<', '1e999');

/** Changes of an answer by proxies, other versions and a bad line. */
const change: fc.Arbitrary<Change> = fc.oneof(
  part.map((at) => withBody((body) => body.slice(0, at * body.length))),
  part.map((at) => withBody((body) => body.slice(at * body.length))),
  fc
    .tuple(part, wedge)
    .map(([at, text]) =>
      withBody((body) => body.slice(0, at * body.length) + text + body.slice(at * body.length)),
    ),
  fc.constant(withBody((body) => JSON.stringify(body))),
  fc.constant(withBody((body) => `\uFEFF${body}`)),
  fc.constant(withBody((body) => body.replaceAll('"', "'"))),
  status.map((code) => (answer: HttpAnswer) => ({ ...answer, status: code })),
  headers.map((given) => (answer: HttpAnswer) => {
    return { ...answer, headers: { ...answer.headers, ...given } };
  }),
  fc.integer({ min: 1, max: 1e9 }).map((elidedBytes) => (answer: HttpAnswer) => {
    return { ...answer, elidedBytes };
  }),
);

function withBody(edit: (body: string) => string): Change {
  return (answer) => ({ ...answer, body: edit(answer.body) });
}

const failures: fc.Arbitrary<Answer> = fc.record({
  failure: fc.record({
    code: fc.constantFrom(
      ...([
        'timeout',
        'aborted',
        'reset',
        'truncated',
        'connection-refused',
        'tls-failed',
      ] as const),
      ...(['host-not-found', 'connect-timeout', 'certificate-refused', 'network-failed'] as const),
      'key-unusable',
    ),
    sent: fc.boolean(),
  }),
});

/** Any answer: the known shapes, unchanged or changed, and failed exchanges. */
export function answers(echo: Echo): fc.Arbitrary<Answer> {
  const whole = shapes(echo);
  const changed = fc
    .tuple(whole, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([answer, changes]) => changes.reduce((so, next) => next(so), answer));
  return fc.oneof(
    { weight: 4, arbitrary: whole },
    { weight: 5, arbitrary: changed },
    { weight: 1, arbitrary: failures },
  );
}

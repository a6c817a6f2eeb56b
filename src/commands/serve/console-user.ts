import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { ConsoleRole } from '../../config/console-forms.ts';
import { hashPassword, USER_NAME } from '../../console/auth/passwords.ts';
import { OnboardError } from '../../errors.ts';
import { exit, type Io } from '../io.ts';

/** As for the dashboard. */
const LEAST_PASSWORD = 12;

/**
 * `onboard console user NAME --role ROLE`: asks for a password and prints the line of the users
 * file. On a terminal it is asked twice, without an echo; a pipe gives one line.
 */
export async function consoleUser(
  io: Io,
  name: string | undefined,
  role: ConsoleRole | undefined,
): Promise<number> {
  if (name === undefined || !USER_NAME.test(name)) {
    const text = 'give the name of the user: 1 to 100 characters, without a colon';
    throw new OnboardError('E_USAGE', text);
  }
  if (role === undefined) {
    throw new OnboardError('E_USAGE', 'give --role: viewer, operator or admin');
  }
  const password = io.stdin.isTTY ? await askTwice(io) : await readLine(io);
  if (password.length < LEAST_PASSWORD) {
    const text = `the password has fewer than ${LEAST_PASSWORD} characters: choose a longer one`;
    throw new OnboardError('E_USAGE', text);
  }
  io.stdout.write(`${name}:${role}:${await hashPassword(password)}\n`);
  io.stderr.write('add this line to CONSOLE_USERS_FILE, a file of your own with mode 600\n');
  return exit.ok;
}

async function readLine({ stdin }: Io): Promise<string> {
  const [line = ''] = (await textOf(stdin)).split(/\r?\n/);
  return line;
}

async function askTwice(io: Io): Promise<string> {
  const first = await ask(io, 'password: ');
  if ((await ask(io, 'once more: ')) === first) return first;
  throw new OnboardError('E_USAGE', 'the two passwords differ: run the command again');
}

/** Asks on a terminal; what is typed goes nowhere. */
function ask(io: Io, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true });
  io.stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    const refuse = () => reject(new OnboardError('E_REFUSED', 'no line was made'));
    lines.once('line', resolve);
    lines.once('SIGINT', refuse);
    lines.once('close', refuse);
    io.interrupt.addEventListener('abort', refuse, { once: true });
  }).finally(() => {
    lines.close();
    io.stderr.write('\n');
  });
}

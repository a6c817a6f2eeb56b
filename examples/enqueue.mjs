// Enqueues people from a program's own data; workers elsewhere (`onboard worker`) create and invite them.
//
//   REDIS_URL=redis://127.0.0.1:6379 DOCSPACE_URL=https://portal.example.com node examples/enqueue.mjs
//
// In your own project: npm install docspace-onboard
import { OnboardError, openOnboard } from 'docspace-onboard';

/** Stands for a query: people come one by one, so a million of them need no more memory. */
async function* newcomers() {
  const names = ['Ana', 'Bo', 'Chi', 'Dia', 'Eli'];
  for (const [index, firstName] of names.entries()) {
    yield { email: `newcomer${index}@example.com`, firstName, lastName: 'Lee' };
  }
  yield { email: 'not an address', firstName: 'Odd', lastName: 'One' };
}

const { REDIS_URL = '', DOCSPACE_URL = '', ONBOARD_PREFIX } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);

try {
  const onboard = await openOnboard({
    redisUrl: REDIS_URL,
    portalUrl: DOCSPACE_URL,
    actor: 'enqueue example',
    ...(ONBOARD_PREFIX ? { prefix: ONBOARD_PREFIX } : {}),
  });
  try {
    const { batchId, already, report } = await onboard.submit(newcomers(), { type: 'User' });
    say(`batch ${batchId}${already ? ', submitted before' : ''}`);
    say(`${report.accepted} accepted, ${report.rejected} rejected`);
    for await (const row of onboard.report(batchId)) {
      if (row.state === 'rejected') say(`person ${row.line}: ${row.reason}`);
    }
  } finally {
    await onboard.close();
  }
} catch (error) {
  if (!(error instanceof OnboardError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

// The algorithm of ONLYOFFICE's documented sample, reimplemented: a POST for every person, all at
// once, then one invite for the created people. It waits for no limit and stores no record.
import { readFileSync } from 'node:fs';

const [file = '', url = '', key = ''] = process.argv.slice(2);
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

async function create(email: string): Promise<string | undefined> {
  const body = JSON.stringify({ email, firstName: 'Anna', lastName: 'Example' });
  try {
    const answer = await fetch(`${url}/api/2.0/people`, { method: 'POST', headers, body });
    await answer.text();
    return answer.ok ? email : undefined;
  } catch {
    return undefined;
  }
}

const emails = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[0] ?? '');
const created = (await Promise.all(emails.map(create))).filter((email) => email !== undefined);
const invitations = created.map((email) => ({ email, type: 'All' }));
const invite = await fetch(`${url}/api/2.0/people/invite`, {
  method: 'POST',
  headers,
  body: JSON.stringify({ invitations }),
});
process.stdout.write(JSON.stringify({ created: created.length, inviteStatus: invite.status }));

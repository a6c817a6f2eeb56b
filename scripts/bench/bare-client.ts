// The comparison for the requests: undici alone, with this many at a time.
// Usage: bare-client.js PORTAL_URL WRITERS PEOPLE
import { Pool } from 'undici';
import { creation } from './creation.ts';

const [portalUrl = '', writers = '1', people = '0'] = process.argv.slice(2);
const pool = new Pool(portalUrl, { connections: Number(writers) });
let next = 0;
await Promise.all(
  Array.from({ length: Number(writers) }, async () => {
    while (next < Number(people)) {
      const { body } = await pool.request(creation(`person.${next++}@example.com`));
      await body.json();
    }
  }),
);
await pool.close();

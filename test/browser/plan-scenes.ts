import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { servedConsole } from '../console/console-case.ts';
import { uploadingConsole } from '../console/upload-case.ts';
import { openStage } from '../support/stage.ts';

const HEAD = 'First name,Last name,E-mail,Role,Department,Notes,Cost centre';

/** A list with something of everything: types, groups, a column nobody knows, rows that stay out. */
const MIXED = [
  HEAD,
  'Ana,Lee,ana@example.com,RoomAdmin,Finance,,12',
  'Bo,Ek,bo@example.com,,Marketing; Sales,starts in March,13',
  'Cy,Oz,cy@example.com,User,,,14',
  'Di,Ax,di@example,User,,,15',
  'Eva,Ru,ana@example.com,User,,,16',
  ',Po,po@example.com,User,,,17',
  '=cmd,Lo,lo@example.com,Boss,,,18',
].join('\n');

const many = Array.from({ length: 9 }, (_, at) => `column-${at}`).join(',');

/** Uploads and plans, as the uploader, an admin and somebody who may not approve see them. */
export const planScenes = [
  {
    name: 'planning',
    pages: [
      ['/', 200],
      ['/submit', 200],
      ['/plans/:mixed', 200],
      ['/plans/:mixed/map', 200],
      ['/plans/:mixed/approve', 200, 'admin'],
      ['/plans/:mixed/approve', 403],
      ['/plans/:mixed/discard', 200],
      ['/plans/:plain', 200],
      ['/plans/:plain/approve', 200],
      ['/plans/:unknown', 200],
      ['/plans/:unknown/map', 200],
      ['/plans/:nobody', 200],
      ['/plans/:damaged', 200],
      ['/plans/:moved', 200],
      ['/plans/:submitted', 200],
      ['/plans/gone', 404],
    ] as const,
    open: async () => {
      const stage = await openStage();
      const console = uploadingConsole(stage);
      const planned = async (text: string, fields: Record<string, string> = {}) => {
        const { location } = await console.plan({ 'people.csv': text }, fields);
        return location.split('/').at(-1) ?? '';
      };
      const approved = async (key: string) => {
        const { plans } = console.uploads;
        const { summary } = await plans.find(key);
        const { done } = await plans.approve(key, summary?.id, { name: 'ana', role: 'admin' });
        await done;
      };
      const plain = await planned(`${HEAD}\nKim,Poe,kim@example.com,,,,\n`, {
        invite: 'at',
        inviteAt: '2031-03-31T09:00',
        inviteZone: 'Europe/Berlin',
        limit: '1',
        batch: 'plain',
      });
      const submitted = await planned(`${HEAD}\nJo,Fy,jo@example.com,,,,\n`, {
        batch: 'submitted',
      });
      await approved(submitted);
      const moved = await planned(`${HEAD}\nMo,Ry,mo@example.com,,,,\n`, { batch: 'moved' });
      await writeFile(join(console.spool.filesOf(moved), 'people.csv'), MIXED);
      await approved(moved);
      const keys = {
        plain,
        submitted,
        moved,
        mixed: await planned(MIXED, { allowTypes: 'RoomAdmin', groups: 'create', batch: 'mixed' }),
        unknown: await planned(`vor,nach,adresse,${many}\nAna,Lee,ana@example.com\n`),
        nobody: await planned(`${HEAD}\nDi,Ax,di@example,,,,\n`),
        damaged: await planned(`${HEAD}\n"Di,Ax`),
      };
      const { uploads } = console;
      return {
        operator: await servedConsole(stage, 'operator', { uploads }),
        admin: await servedConsole(stage, 'admin', { uploads }),
        keys,
      };
    },
  },
  {
    name: 'without a place for uploads',
    pages: [['/submit', 200]] as const,
    open: async () => {
      const closed = 'Another console takes the lists of this prefix: process 7 on admin1.';
      return {
        operator: await servedConsole(await openStage(), 'operator', { uploads: { closed } }),
      };
    },
  },
];

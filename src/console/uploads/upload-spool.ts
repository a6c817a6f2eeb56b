import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../errors.ts';
import { diskFull } from './disk-full.ts';
import { type PlanRecord, planRecord } from './plan-record.ts';

/** Names of folders: nothing else in an address becomes a path. */
const KEY = /^[0-9a-f]{24}$/;

/** The private folder of uploads: one folder each, with the files and a record of the plan. */
export type UploadSpool = ReturnType<typeof openSpool>;

/**
 * Folders have mode 700, files 600: both hold lists of people. `root` exists. `write` writes a record;
 * a test has a full disk.
 */
export function openSpool(root: string, write: typeof writeFile = writeFile) {
  const folderOf = (key: string) => join(root, KEY.test(key) ? key : 'none');
  const recordPath = (key: string) => join(folderOf(key), 'plan.json');
  const filesOf = (key: string) => join(folderOf(key), 'files');
  const rejectedOf = (key: string) => join(folderOf(key), 'rejected.ndjson');

  /** Makes the folder of a new upload and returns its key. */
  async function begin(): Promise<string> {
    const key = randomBytes(12).toString('hex');
    await mkdir(filesOf(key), { recursive: true, mode: 0o700 });
    return key;
  }

  /**
   * Writes a record whole: a killed console leaves the one before, and so does a full disk.
   * @throws {OnboardError} E_DISK_FULL
   */
  async function save(record: PlanRecord): Promise<void> {
    const path = recordPath(record.key);
    const draft = `${path}.${randomBytes(4).toString('hex')}`;
    try {
      await write(draft, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw diskFull(error, 'try again') ?? error;
    }
  }

  /** The record of an upload; undefined for none, for one that is damaged, and for any other text. */
  async function find(key: string): Promise<PlanRecord | undefined> {
    if (!KEY.test(key)) return undefined;
    const text = await readFile(recordPath(key), 'utf8').catch(absent);
    return text === undefined ? undefined : parsed(text);
  }

  /** Folders of uploads, with those that have no record yet. */
  async function keys(): Promise<string[]> {
    const names = (await readdir(root).catch(absent)) ?? [];
    return names.filter((name) => KEY.test(name));
  }

  /** All records, the newest first. */
  async function list(): Promise<PlanRecord[]> {
    const found = await Promise.all((await keys()).map(find));
    return found.flatMap((record) => record ?? []).sort((a, b) => b.at - a.at);
  }

  async function remove(key: string): Promise<void> {
    await rm(folderOf(key), { recursive: true, force: true });
  }

  /** Removes the people of an upload; its record stays until it expires. */
  async function removePeople(key: string): Promise<void> {
    await rm(filesOf(key), { recursive: true, force: true });
    await rm(rejectedOf(key), { force: true });
  }

  return { begin, save, find, keys, list, remove, removePeople, filesOf, rejectedOf };
}

function parsed(text: string): PlanRecord | undefined {
  try {
    return planRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

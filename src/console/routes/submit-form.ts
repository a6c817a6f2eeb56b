import { z } from 'zod';
import { BATCH_ID, BATCH_ID_FORM } from '../../batch-id.ts';
import { defined } from '../../defined.ts';
import { OnboardError } from '../../errors.ts';
import { accountTypes } from '../../people/account-types.ts';
import { groupModes } from '../../people/groups.ts';
import { line } from '../../printable.ts';
import { fieldLabels } from '../pages/parts/field-labels.ts';
import type { UploadOptions } from '../uploads/plan-record.ts';
import { isZone, momentIn } from '../uploads/zone-moment.ts';

const percent = z.coerce.number().int().min(0).max(100);
const whole = z.coerce.number().int().min(1).max(999_999_999);

/** Labels of fields whose name is not that of their flag. */
const labelOf: Readonly<Record<string, string>> = {
  ...fieldLabels,
  inviteSize: fieldLabels['invite-size'],
  minCreatedPercent: fieldLabels['min-created'],
  maxFailedPercent: fieldLabels['max-failures'],
  inviteAt: fieldLabels['invite-at'],
};

/** Fields with one value, each with the schema of it and what is to be typed. */
const single = {
  type: [z.enum(accountTypes), 'choose a type of the list'],
  groups: [z.enum(groupModes), 'choose one of the list'],
  inviteSize: [z.coerce.number().int().min(0).max(999_999_999), 'give a whole number, 0 or more'],
  minCreatedPercent: [percent, 'give a share from 0 to 100 percent'],
  limit: [whole, 'give a whole number, 1 or more'],
  maxFailedPercent: [percent, 'give a share from 0 to 100 percent'],
  batch: [z.string().regex(BATCH_ID), `use ${BATCH_ID_FORM}`],
  culture: [z.string(), ''],
  delimiter: [z.string(), ''],
  encoding: [z.string(), ''],
  sheet: [z.string(), ''],
  splitName: [z.string(), ''],
} as const;

/**
 * The options of the form of an upload. Values that only a list can refuse are left to the plan.
 * @throws {OnboardError} E_USAGE
 */
export function optionsIn(fields: URLSearchParams): UploadOptions {
  const values = Object.entries(single).flatMap(([name, [schema, advice]]) => {
    const text = (fields.get(name) ?? '').trim();
    if (text === '') return [];
    const { data } = schema.safeParse(text);
    if (data === undefined) throw usage(name, text, advice);
    return [[name, data] as const];
  });
  const allowed = fields.getAll('allowTypes');
  const types = accountTypes.filter((type) => allowed.includes(type));
  return defined({
    ...(Object.fromEntries(values) as UploadOptions),
    allowTypes: types.length === 0 ? undefined : types,
    group: linesIn(fields, 'group'),
    map: linesIn(fields, 'map'),
    ignore: linesIn(fields, 'ignore'),
    joinExisting: fields.has('joinExisting') || undefined,
    lookup: fields.has('lookup') || undefined,
    // A box that is not ticked is not sent.
    notify: fields.has('canNotify') && !fields.has('notify') ? false : undefined,
    ...inviteIn(fields),
  });
}

function inviteIn(fields: URLSearchParams) {
  const when = fields.get('invite');
  if (when === 'hold') return { inviteHeld: true };
  if (when !== 'at') return {};
  const [local, zone] = [fields.get('inviteAt') ?? '', fields.get('inviteZone') ?? ''];
  if (!isZone(zone)) throw usage('Zone of this time', zone, 'choose a zone of the list');
  const inviteAt = momentIn(local, zone);
  if (inviteAt !== undefined) return { inviteAt, inviteZone: zone };
  throw usage('inviteAt', local, `give a date with a time that exists in ${zone}`);
}

function linesIn(fields: URLSearchParams, name: string): string[] | undefined {
  const values = fields.getAll(name).flatMap((text) => text.split(/\r?\n/));
  const given = values.map((text) => text.trim()).filter((text) => text !== '');
  return given.length === 0 ? undefined : given;
}

function usage(name: string, given: string, advice: string): OnboardError {
  return new OnboardError('E_USAGE', line`“${labelOf[name] ?? name}” ${given}: ${advice}`);
}

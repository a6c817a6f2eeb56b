import type { Upload } from '../../console/uploads/submitter.ts';

/**
 * Arguments of `onboard submit` for an upload, with those of this call before the files. The names
 * of files follow `--`, so that none is taken for a flag.
 */
export function submissionArgs(
  { folder, files, options }: Upload,
  more: readonly string[],
): string[] {
  const flags: [flag: string, value: string | number | undefined][] = [
    ['--type', options.type],
    ['--allow-types', options.allowTypes?.join(',')],
    ['--culture', options.culture],
    ['--groups', options.groups],
    ['--invite-at', options.inviteAt && new Date(options.inviteAt).toISOString()],
    ['--invite-size', options.inviteSize],
    ['--min-created', options.minCreatedPercent],
    ['--limit', options.limit],
    ['--max-failures', options.maxFailedPercent],
    ['--batch', options.batch],
    ['--delimiter', options.delimiter],
    ['--encoding', options.encoding],
    ['--sheet', options.sheet],
    ['--split-name', options.splitName],
    ...(options.group ?? []).map((name) => ['--group', name] as [string, string]),
    ...(options.map ?? []).map((map) => ['--map', map] as [string, string]),
    ...(options.ignore ?? []).map((header) => ['--ignore', header] as [string, string]),
  ];
  const switches: [flag: string, isOn: boolean][] = [
    ['--join-existing', options.joinExisting === true],
    ['--hold-invite', options.inviteHeld === true],
    ['--no-notify', options.notify === false],
  ];
  return [
    'submit',
    // One word each: a value that begins with `-` is no flag then.
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`])),
    ...switches.flatMap(([flag, isOn]) => (isOn ? [flag] : [])),
    ...more,
    `--folder=${folder}`,
    '--json',
    '--',
    ...files,
  ];
}

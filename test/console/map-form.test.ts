import { expect, test } from 'vitest';
import { mappedOptions } from '../../src/console/routes/map-form.ts';

function form(
  pairs: readonly [header: string, means: string][],
  more: Record<string, string> = {},
) {
  const fields = new URLSearchParams(more);
  for (const [header, means] of pairs) {
    fields.append('header', header);
    fields.append('means', means);
  }
  return fields;
}

test('columns of the form replace those of before, and every other option stays', () => {
  const before = { batch: 'staff', limit: 5, map: ['Old=email'], ignore: ['Older'], sheet: 'One' };
  const fields = form([
    ['Contact', 'email'],
    ['a=b', 'ignore'],
    ['Left', ''],
  ]);
  expect(mappedOptions(before, fields)).toEqual({
    batch: 'staff',
    limit: 5,
    map: ['Contact=email'],
    ignore: ['a=b'],
  });
});

test('a column with the whole name also says in which order its words are', () => {
  const meant = mappedOptions({}, form([['Name', 'name last, first']]));
  expect(meant).toEqual({ map: ['Name=name'], splitName: expect.stringMatching(/last/) });
});

test('a meaning that the page does not offer maps nothing', () => {
  expect(mappedOptions({}, form([['Contact', 'password']]))).toEqual({});
});

test('more headers than meanings leave the rest as they are', () => {
  const fields = form([['Contact', 'email']]);
  fields.append('header', 'Rest');
  expect(mappedOptions({}, fields)).toEqual({ map: ['Contact=email'] });
});

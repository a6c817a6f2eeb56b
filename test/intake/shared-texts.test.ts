import { expect, test } from 'vitest';
import { ByteBudget, OverBudgetError } from '../../src/intake/workbook/byte-budget.ts';
import { SharedTexts } from '../../src/intake/workbook/shared-texts.ts';

test('texts come back by their number, over every border of a page', () => {
  const texts = new SharedTexts(new ByteBudget(64 * 1_048_576, 'texts'));
  const text = (index: number) => `${index} ${'\u00e9\u7530'.repeat(index % 50)}`;
  const count = 140_000;
  for (let index = 0; index < count; index += 1) texts.add(text(index));
  const wrong = Array.from({ length: count }, (_, index) => index).filter(
    (index) => texts.get(index) !== text(index),
  );
  expect(wrong).toEqual([]);
  for (const index of [-1, 0.5, count, Number.NaN]) expect(texts.get(index)).toBeUndefined();
});

test('millions of empty texts are no way around the memory limit', () => {
  const texts = new SharedTexts(new ByteBudget(1_048_576, 'texts'));
  const fill = () => {
    for (;;) texts.add('');
  };
  expect(fill).toThrow(OverBudgetError);
  expect(texts.get(131_071)).toBe('');
  expect(texts.get(131_072)).toBeUndefined();
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberSet } from '~/domain/number-set';

it('knows a text again exactly as a Set of strings does', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('KM-1', 'KM-2', '', '髙', '\u0000'))), (texts) => {
      const seen = new NumberSet();
      const plain = new Set<string>();
      for (const text of texts) {
        expect(seen.add(text)).toBe(!plain.has(text));
        plain.add(text);
      }
    }),
  );
});

it('still knows every one of a hundred thousand', () => {
  const seen = new NumberSet();
  const numbers = Array.from({ length: 100_000 }, (_, i) => `KM-A-${String(i).padStart(6, '0')}`);
  expect(numbers.every((number) => seen.add(number))).toBe(true);
  expect(numbers.some((number) => seen.add(number))).toBe(false);
});

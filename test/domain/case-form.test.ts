import { expect, it } from 'vitest';
import { readCall } from '~/domain/case-form';

it('names what is wrong with a call in the order in which it was asked, so that the first field takes the focus', () => {
  const read = readCall({ number: '', valid: 'いつか', prefecture: '', shop: '', name: '', phone: '096-123-4567', mail: '' });
  expect(read.ok || read.errors.map(({ field }) => field)).toEqual(['number', 'valid', 'prefecture', 'shop', 'name', 'mail']);
});

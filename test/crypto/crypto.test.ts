import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCrypto, readKeyring } from '~/crypto.server';

const ring = (...ids: string[]) => ({ keys: ids.map((id) => ({ id, secret: randomBytes(32) })) });
const keys = { seal: ring('s1'), index: ring('i1'), link: ring('l1') };
const crypto = makeCrypto(keys);

describe('a sealed value', () => {
  it('opens where it was sealed and nowhere else', () => {
    const a = crypto.seal('issuances.code', 'row-a', 'TEST-1');
    const b = crypto.seal('issuances.code', 'row-b', 'TEST-2');
    expect(crypto.open('issuances.code', 'row-a', a.sealed, a.keyId)).toBe('TEST-1');
    expect(() => crypto.open('issuances.code', 'row-b', a.sealed, a.keyId)).toThrow();
    expect(() => crypto.open('issuances.code', 'row-a', b.sealed, b.keyId)).toThrow();
    expect(() => crypto.open('stock_codes.code', 'row-a', a.sealed, a.keyId)).toThrow();
    expect(() => crypto.open('issuances.code', 'row-a', a.sealed, 's2')).toThrow();
  });

  it('does not open with any bit changed, or any byte cut off', () => {
    const { sealed, keyId } = crypto.seal('p', 'r', 'コード TEST-AB2CDE-F3GH');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => crypto.open('p', 'r', changed, keyId)).toThrow();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => crypto.open('p', 'r', sealed.subarray(0, length), keyId)).toThrow();
    }
  });

  it('never looks the same twice', () => {
    const seen = new Set(Array.from({ length: 2_000 }, () => crypto.seal('p', 'r', 'x').sealed.toString('hex')));
    expect(seen.size).toBe(2_000);
  });

  it('survives a new key as long as the old one is there', () => {
    const { sealed, keyId } = crypto.seal('p', 'r', 'text');
    const rotated = makeCrypto({ ...keys, seal: { keys: [...ring('s2').keys, ...keys.seal.keys] } });
    expect(rotated.currentKeyId).toBe('s2');
    expect(rotated.open('p', 'r', sealed, keyId)).toBe('text');
    expect(() => makeCrypto({ ...keys, seal: ring('s2') }).open('p', 'r', sealed, keyId)).toThrow('s1');
  });
});

describe('what travels through the browser', () => {
  it('opens for its purpose only, and forged or cut values are nothing', () => {
    const sealed = crypto.sealText('session', '{"grant":"1"}');
    expect(crypto.openText('session', sealed)).toBe('{"grant":"1"}');
    expect(crypto.openText('language', sealed)).toBeNull();
    expect(makeCrypto({ ...keys, seal: ring('s1') }).openText('session', sealed)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(crypto.openText('session', text)).toBeNull();
      }),
    );
    for (let i = 0; i < sealed.length; i += 1) expect(crypto.openText('session', sealed.slice(0, i))).toBeNull();
  });
});

describe('a link', () => {
  const id = '018836ab-aa80-7886-8447-16b648ddeeb5';
  it('has 22 characters, is the same each time, and another for each generation, grant and key', () => {
    const token = crypto.linkToken(id, 1);
    expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(crypto.linkToken(id, 1)).toBe(token);
    const others = [
      crypto.linkToken(id, 2),
      crypto.linkToken(id.replace('5', '6'), 1),
      makeCrypto({ ...keys, link: ring('l1') }).linkToken(id, 1),
    ];
    expect(new Set([token, ...others]).size).toBe(4);
  });

  it('of an old key is still known when a new one is current', () => {
    const rotated = makeCrypto({ ...keys, link: { keys: [...ring('l2').keys, ...keys.link.keys] } });
    expect(rotated.linkToken(id, 1, 'l1')).toBe(crypto.linkToken(id, 1));
    expect(rotated.linkToken(id, 1)).not.toBe(crypto.linkToken(id, 1));
  });
});

it('indexes and digests say the same of the same value and differ by field', () => {
  expect(crypto.index('phone', '+819000000012')).toEqual(crypto.index('phone', '+819000000012'));
  expect(crypto.index('phone', 'x')).not.toEqual(crypto.index('mail', 'x'));
  expect(crypto.codeDigest('ponta', 'A')).not.toEqual(crypto.codeDigest('edy', 'A'));
  // "ab" + "c" is not "a" + "bc".
  expect(crypto.tag('ab', 'c')).not.toBe(crypto.tag('a', 'bc'));
});

it('ids are ordered by time and never repeat', () => {
  const ids = Array.from({ length: 5_000 }, (_, i) => crypto.newId(new Date(1_684_544_400_000 + i)));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 5_000 }, () => crypto.newId(new Date(0)))).size).toBe(5_000);
});

describe('a keyring in the environment', () => {
  const good = randomBytes(32).toString('base64');
  it('is read with its current key first', () => {
    expect(readKeyring(`k2:${good},k1:${randomBytes(32).toString('base64')}`)).toMatchObject({
      ok: true,
      ring: { keys: [{ id: 'k2' }, { id: 'k1' }] },
    });
  });
  it.each(['', 'k1', 'k1:', 'k1:short', `K 1:${good}`, `k1:${Buffer.alloc(32).toString('base64')}`, `k1:${good},k1:${good}`])(
    '%j is refused',
    (text) => {
      expect(readKeyring(text)).toMatchObject({ ok: false });
    },
  );
});

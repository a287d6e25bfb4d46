import { describe, expect, it } from 'vitest';
import { makeLog } from '~/log.server';

function logged(write: (log: ReturnType<typeof makeLog>) => void): string {
  const lines: string[] = [];
  write(makeLog({ name: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

describe('the log', () => {
  it.each(['code', 'pin', 'token', 'contact', 'mail', 'phone', 'password', 'cookie'])(
    'hides a field called %s, at the top and one below',
    (field) => {
      expect(logged((log) => log.info({ [field]: 'TOP-SECRET', inner: { [field]: 'TOP-SECRET' } }, 'x'))).not.toContain('TOP-SECRET');
    },
  );

  it('hides a link wherever its address stands', () => {
    const text = logged((log) =>
      log.error(
        { err: new Error('no answer at https://x.jp/r/AbCdEfGhIjKlMnOpQrStUv?x'), at: '/r/AbCdEfGhIjKlMnOpQrStUv' },
        '/r/AbCdEfGhIjKlMnOpQrStUv',
      ),
    );
    expect(text).not.toContain('AbCdEf');
    expect(text.match(/\/r\/\[link\]/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('tells what kind of database error it was, without the values of the row', () => {
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (mail)=(taro@example.jp) exists',
      constraint: 'x_key',
    });
    const text = logged((log) => log.error({ err: error }, 'x'));
    expect(text).toContain('23505');
    expect(text).toContain('x_key');
    expect(text).not.toContain('taro');
  });
});

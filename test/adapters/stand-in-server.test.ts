import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providers } from '#adapters/providers/registry';
import { type StandInServer, startStandInServer } from '#adapters/providers/stand-in-server';

const now = new Date('2023-05-20T03:00:00Z');
let server: StandInServer;
beforeEach(async () => {
  server = await startStandInServer({ now: () => now, hangMs: 60_000 });
});
afterEach(() => server.close());

const control = (path: string, body?: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(
    `http://127.0.0.1:${server.port}/_control/${path}`,
    body === undefined ? {} : { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
  );

function issue(id: string, issuance: string) {
  const provider = providers.find((each) => each.id === id);
  const parsed = provider?.settings.parse(server.environment);
  if (!provider || !parsed?.ok) throw new Error(id);
  const connection = provider.connect(parsed.settings, { timeLimitMs: 2_000 });
  return connection.issue({ key: provider.providerKey(issuance, parsed.settings), yen: 500 }, { now });
}

describe('the stand-in server', () => {
  it('keeps the providers apart on one port', async () => {
    for (const { id } of providers) expect(await issue(id, 'apart')).toMatchObject({ kind: 'issued', yen: 500 });
    for (const { id } of providers) expect(server.standIn(id).issues()).toHaveLength(1);
  });

  it('is steered over HTTP: faults, funds and the truth', async () => {
    expect((await control('ponta', { fault: 'out_of_stock', times: 2 })).status).toBe(200);
    expect(await issue('ponta', 'one')).toMatchObject({ kind: 'declined', reason: 'out_of_stock' });
    expect(await issue('edy', 'one')).toMatchObject({ kind: 'issued' });
    expect(await issue('ponta', 'one')).toMatchObject({ kind: 'declined', reason: 'out_of_stock' });
    expect(await issue('ponta', 'one')).toMatchObject({ kind: 'issued' });
    await control('ponta', { funds: 499 });
    expect(await issue('ponta', 'two')).toMatchObject({ kind: 'declined', reason: 'insufficient_funds' });
    const truth = (await (await control('ponta/issues')).json()) as { issues: unknown[] };
    expect(truth.issues).toEqual([{ ...server.standIn('ponta').issues()[0] }]);
  });

  it.each([
    ['nobody', { fault: 'torn' }, undefined, 404],
    ['ponta', { fault: 'explode' }, undefined, 422],
    ['ponta', { fault: 'torn', times: 0 }, undefined, 422],
    ['ponta', { funds: -1 }, undefined, 422],
    ['ponta', 'no json', undefined, 422],
    ['ponta', { fault: 'torn' }, { 'content-type': 'text/plain' }, 415],
    ['ponta/else', { fault: 'torn' }, undefined, 405],
  ])('refuses to steer %s with %o', async (path, body, headers, status) => {
    expect((await control(path, body, headers)).status).toBe(status);
  });

  it("answers what is nobody's with 404", async () => {
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${server.port}/nobody/v1/funds`)).status).toBe(404);
  });

  it('gives its port back while an answer still hangs', async () => {
    server.standIn('nanaco').fault('timeout_before');
    const waiting = issue('nanaco', 'hanging');
    // Once this other request is answered, the hanging one has arrived as well: it was sent before.
    await issue('ponta', 'beside');
    await server.close();
    expect(await waiting).toMatchObject({ kind: 'unknown' });
    const again = createServer();
    await new Promise<void>((resolve, reject) => again.once('error', reject).listen(server.port, '127.0.0.1', resolve));
    await new Promise((resolve) => again.close(resolve));
    server = await startStandInServer({ now: () => now });
  });

  it('says when its port is taken', async () => {
    await expect(startStandInServer({ now: () => now, port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('is bound to this machine only', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.2', resolve));
    const { address } = probe.address() as AddressInfo;
    expect(address).toBe('127.0.0.2');
    await new Promise((resolve) => probe.close(resolve));
    // A server bound to all addresses would answer here.
    await expect(fetch(`http://127.0.0.2:${server.port}/`)).rejects.toThrow();
  });
});

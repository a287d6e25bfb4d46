import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { HttpResponse, http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  DeclineReason,
  Fault,
  IssueOutcome,
  ProviderConnection,
  ProviderDefinition,
  StandIn,
  StandInAmounts,
  UnknownCause,
} from '#adapters/providers/port';
import { providers } from '#adapters/providers/registry';
import { type StandInServer, standInEnvironment, startStandInServer } from '#adapters/providers/stand-in-server';
import { standIns } from '#adapters/providers/stand-ins';

/** What every registered provider must keep to. A provider's own peculiarities are tested in its folder. */

const ORIGIN = 'https://stand-ins.test';
const IMPATIENT_MS = 300;
const NOON = new Date('2023-05-20T03:00:00Z');

/** Every fault and what must come of it: what the caller hears, and whether the provider has really issued. */
const FAULTS: readonly { fault: Fault; hears: { declined: DeclineReason } | { unknown: UnknownCause }; issues: boolean }[] = [
  { fault: 'timeout_before', hears: { unknown: 'timeout' }, issues: false },
  { fault: 'timeout_after', hears: { unknown: 'timeout' }, issues: true },
  { fault: 'error_before', hears: { unknown: 'server_error' }, issues: false },
  { fault: 'error_after', hears: { unknown: 'server_error' }, issues: true },
  { fault: 'torn', hears: { unknown: 'connection_lost' }, issues: true },
  { fault: 'garbage', hears: { unknown: 'unreadable' }, issues: false },
  { fault: 'unlisted', hears: { unknown: 'unlisted' }, issues: false },
  { fault: 'redirect', hears: { unknown: 'redirected' }, issues: false },
  { fault: 'throttle', hears: { declined: 'throttled' }, issues: false },
  { fault: 'out_of_stock', hears: { declined: 'out_of_stock' }, issues: false },
  { fault: 'insufficient_funds', hears: { declined: 'insufficient_funds' }, issues: false },
  { fault: 'account_suspended', hears: { declined: 'account_suspended' }, issues: false },
  { fault: 'rejected', hears: { declined: 'rejected' }, issues: false },
  { fault: 'wrong_amount', hears: { unknown: 'wrong_amount' }, issues: true },
];

interface Bench {
  readonly connection: ProviderConnection;
  /** The same account with a time limit of a blink, for what hangs. */
  readonly impatient: ProviderConnection;
  readonly fake: StandIn;
  readonly key: (issuance: string) => string;
  readonly environment: Readonly<Record<string, string>>;
}

function parse(provider: ProviderDefinition, environment: Readonly<Record<string, string>>): unknown {
  const parsed = provider.settings.parse(environment);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.settings;
}

function benchOf(provider: ProviderDefinition, environment: Readonly<Record<string, string>>, fake: StandIn): Bench {
  const settings = parse(provider, environment);
  return {
    connection: provider.connect(settings),
    impatient: provider.connect(settings, { timeLimitMs: IMPATIENT_MS }),
    fake,
    key: (issuance) => provider.providerKey(issuance, settings),
    environment,
  };
}

function sampleAmounts(amounts: StandInAmounts): number[] {
  return amounts.kind === 'fixed' ? [...amounts.faceValuesYen] : [amounts.minYen, 1357, amounts.maxYen];
}

function unsoldAmounts(amounts: StandInAmounts): number[] {
  return amounts.kind === 'fixed' ? [Math.min(...amounts.faceValuesYen) + 1] : [amounts.maxYen + 1];
}

/** Nothing secret may stand in what an adapter gives back: secrets never, codes only where they belong. */
function expectDiscreet(outcome: unknown, { environment, fake }: Bench, provider: ProviderDefinition): void {
  const text = JSON.stringify(outcome);
  for (const { name, secret } of provider.settings.variables) if (secret) expect(text).not.toContain(environment[name]);
  for (const { code } of fake.issues()) expect(text).not.toContain(code);
  expect(text).not.toMatch(/https?:|authorization|hmac/i);
}

function heard(outcome: IssueOutcome): { declined: string } | { unknown: string } | 'issued' {
  if (outcome.kind === 'issued') return 'issued';
  return outcome.kind === 'declined' ? { declined: outcome.reason } : { unknown: outcome.cause };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('through msw', () => {
  const network = setupServer();
  beforeAll(() => network.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => network.resetHandlers());
  afterAll(() => network.close());

  describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
    let now: Date;
    let bench: Bench;
    let arrived: Request[];
    const at = () => ({ now });

    beforeEach(() => {
      now = NOON;
      arrived = [];
      const environment = standInEnvironment(ORIGIN);
      const make = standIns[id];
      if (!make) throw new Error(`${id} has no stand-in`);
      const fake = make({ settings: parse(provider, environment), now: () => now, hangMs: 60_000 });
      bench = benchOf(provider, environment, fake);
      network.use(
        http.all(`${ORIGIN}/${id}/*`, async ({ request }) => {
          arrived.push(request.clone());
          try {
            return await fake.handle(request);
          } catch {
            return HttpResponse.error();
          }
        }),
      );
    });

    function answerWith(make: () => Response): void {
      network.use(http.all(`${ORIGIN}/${id}/*`, make));
    }

    /** Sold by every stand-in. */
    const yen = 1000;

    it('issues every amount that it sells, for exactly that amount', async () => {
      for (const amount of sampleAmounts(bench.fake.amounts)) {
        const outcome = await bench.connection.issue({ key: bench.key(`amount ${amount}`), yen: amount }, at());
        expect(outcome).toMatchObject({ kind: 'issued', yen: amount });
        if (outcome.kind !== 'issued') continue;
        const truth = bench.fake.issues().find((issue) => issue.reference === outcome.issued.reference);
        expect(truth).toMatchObject({ yen: amount, code: outcome.issued.code, cancelled: false });
        expect(outcome.issued.code).toMatch(provider.stock.codePattern);
        expect(outcome.issued.code).toMatch(/^(TEST|0000)/);
        expect(outcome.issued.expiresOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        if (outcome.issued.url) expect(outcome.issued.url).toMatch(/^https:/);
      }
    });

    it('declines an amount that it does not sell', async () => {
      for (const amount of unsoldAmounts(bench.fake.amounts)) {
        expect(heard(await bench.connection.issue({ key: bench.key(`unsold ${amount}`), yen: amount }, at()))).toEqual({
          declined: 'invalid_amount',
        });
      }
      expect(bench.fake.issues()).toEqual([]);
    });

    it('answers the same key with the same code and issues once, also when asked at the same time', async () => {
      const request = { key: bench.key('once'), yen };
      const outcomes = await Promise.all([1, 2, 3].map(() => bench.connection.issue(request, at())));
      outcomes.push(await bench.connection.issue(request, at()));
      expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
      expect(outcomes[0]?.kind).toBe('issued');
      expect(bench.fake.issues()).toHaveLength(1);
    });

    it('answers different keys with different codes', async () => {
      const keys = Array.from({ length: 20 }, (_, n) => bench.key(`different ${n}`));
      expect(new Set(keys).size).toBe(20);
      for (const key of keys) await bench.connection.issue({ key, yen }, at());
      expect(new Set(bench.fake.issues().map((issue) => issue.code)).size).toBe(20);
      expect(new Set(bench.fake.issues().map((issue) => issue.reference)).size).toBe(20);
    });

    it('makes the same key for the same issuance, in the form that the provider demands', () => {
      expect(bench.key('0190b5a2-7c1e-7d5e-a9f3-1f2e3d4c5b6a')).toBe(bench.key('0190b5a2-7c1e-7d5e-a9f3-1f2e3d4c5b6a'));
      expect(bench.key('1')).toMatch(/^[A-Za-z0-9_-]{8,40}$/);
    });

    it('does not take a key used with another amount for a no: something has been issued under it', async () => {
      const key = bench.key('other amount');
      await bench.connection.issue({ key, yen }, at());
      expect(heard(await bench.connection.issue({ key, yen: 100 }, at()))).toEqual({ unknown: 'wrong_amount' });
      expect(bench.fake.issues()).toHaveLength(1);
    });

    it.each(FAULTS)('hears $fault as $hears', async ({ fault, hears, issues }) => {
      bench.fake.fault(fault);
      const request = { key: bench.key(fault), yen };
      const asking = fault.startsWith('timeout') ? bench.impatient : bench.connection;
      const outcome = await asking.issue(request, at());
      expect(heard(outcome)).toEqual(hears);
      expect(bench.fake.issues()).toHaveLength(issues ? 1 : 0);
      expectDiscreet(outcome, bench, provider);

      // The same key again finds out, and never issues a second time.
      const again = await bench.connection.issue(request, at());
      expect(heard(again)).toEqual(fault === 'wrong_amount' ? hears : 'issued');
      expect(bench.fake.issues()).toHaveLength(1);
    });

    it.each([
      ['an empty success', () => new HttpResponse(null, { status: 200 }), 'unreadable'],
      ['a success that is no object', () => HttpResponse.json([1]), undefined],
      ['an empty object', () => HttpResponse.json({}), undefined],
      ['half a JSON', () => new HttpResponse('{"status": "SUCC', { status: 200 }), 'unreadable'],
      ['bytes that are no text', () => new HttpResponse(new Uint8Array([0xff, 0xfe, 0x80]), { status: 200 }), 'unreadable'],
      ['204', () => new HttpResponse(null, { status: 204 }), undefined],
      ['a bare 400', () => HttpResponse.json({ message: 'no' }, { status: 400 }), undefined],
      ['a bare 401', () => HttpResponse.json({ message: 'no' }, { status: 401 }), undefined],
      ['a bare 404', () => HttpResponse.json({}, { status: 404 }), undefined],
      ['a bare 429', () => HttpResponse.json({}, { status: 429 }), undefined],
      ['500', () => new HttpResponse('oops', { status: 500 }), 'server_error'],
      ['503 with JSON', () => HttpResponse.json({ message: 'Rate exceeded' }, { status: 503 }), 'server_error'],
      ['301', () => new HttpResponse(null, { status: 301, headers: { location: `${ORIGIN}/${id}/elsewhere` } }), 'redirected'],
      ['307', () => new HttpResponse(null, { status: 307, headers: { location: 'https://elsewhere.example/' } }), 'redirected'],
      ['a broken connection', () => HttpResponse.error(), 'connection_lost'],
      ['a megabyte', () => new HttpResponse('a'.repeat(1_000_000), { status: 200 }), 'unreadable'],
    ] as const)('takes %s for unknown', async (_, make, cause) => {
      answerWith(make);
      const calls = [
        await bench.connection.issue({ key: bench.key('odd'), yen }, at()),
        await bench.connection.lookup?.({ key: bench.key('odd'), yen }, at()),
        await bench.connection.reveal?.({ key: bench.key('odd'), yen }, at()),
        await bench.connection.cancel?.({ key: bench.key('odd'), reference: 'ref_1234' }, at()),
        await bench.connection.funds?.(at()),
      ].filter((outcome) => outcome !== undefined);
      expect(calls.length).toBeGreaterThan(2);
      for (const outcome of calls) {
        expect(outcome.kind).toBe('unknown');
        if (cause && outcome.kind === 'unknown') expect(outcome.cause).toBe(cause);
        expectDiscreet(outcome, bench, provider);
      }
    });

    it('asks once: no retry, no redirect followed', async () => {
      for (const fault of ['error_before', 'redirect', 'throttle', 'garbage'] as const) {
        arrived.length = 0;
        bench.fake.fault(fault);
        await bench.connection.issue({ key: bench.key(`no retry ${fault}`), yen }, at());
        expect(arrived).toHaveLength(1);
      }
    });

    it('tells a provider that cannot be reached from one that does not answer', async () => {
      const port = await closedPort();
      network.use(http.all(`http://127.0.0.1:${port}/*`, () => passthrough()));
      const settings = parse(provider, { ...bench.environment, ...standInEnvironment(`http://127.0.0.1:${port}`) });
      const outcome = await provider.connect(settings).issue({ key: bench.key('unreachable'), yen }, at());
      expect(outcome).toEqual({ kind: 'unknown', cause: 'never_sent', detail: 'ECONNREFUSED' });
    });

    it('can be ended early', async () => {
      const stop = new AbortController();
      bench.fake.fault('timeout_before');
      network.events.on('request:start', () => stop.abort(new Error('shutting down')));
      const outcome = await bench.connection.issue({ key: bench.key('abort'), yen }, { now, signal: stop.signal });
      network.events.removeAllListeners();
      expect(heard(outcome)).toEqual({ unknown: 'aborted' });
      expect(heard(await bench.connection.issue({ key: bench.key('abort'), yen }, { now, signal: stop.signal }))).toEqual({
        unknown: 'aborted',
      });
    });

    it('is refused with another secret or key id, and nothing is issued', async () => {
      const { variables } = provider.settings;
      const credentials = variables.filter(({ name, secret }) => secret || name.endsWith('_KEY_ID'));
      expect(credentials.length).toBeGreaterThanOrEqual(2);
      for (const { name } of credentials) {
        const settings = parse(provider, { ...bench.environment, [name]: `${bench.environment[name]}x` });
        const outcome = await provider.connect(settings).issue({ key: bench.key('forged'), yen }, at());
        expect(outcome.kind).toBe('declined');
        expectDiscreet(outcome, bench, provider);
      }
      expect(bench.fake.issues()).toEqual([]);
    });

    it('is refused with a clock that is an hour off', async () => {
      const outcome = await bench.connection.issue({ key: bench.key('clock'), yen }, { now: new Date(now.getTime() + 3_600_000) });
      expect(outcome.kind).toBe('declined');
      expect(bench.fake.issues()).toEqual([]);
    });

    it('looks a key up if it says so', async () => {
      expect(Boolean(bench.connection.lookup)).toBe(provider.capabilities.lookup);
      if (!bench.connection.lookup) return;
      const request = { key: bench.key('look'), yen };
      expect(heard(await bench.connection.lookup(request, at()))).toEqual({ declined: 'never_seen' });
      const issued = await bench.connection.issue(request, at());
      expect(await bench.connection.lookup(request, at())).toEqual(issued);
      expect(heard(await bench.connection.lookup({ ...request, yen: 999 }, at()))).toEqual({ unknown: 'wrong_amount' });
      expect(bench.fake.issues()).toHaveLength(1);
    });

    it('cancels within its time, and never takes a cancelled code for good', async () => {
      expect(Boolean(bench.connection.cancel)).toBe(provider.capabilities.cancel);
      if (!bench.connection.cancel) return;
      const request = { key: bench.key('cancel'), yen };
      const issued = await bench.connection.issue(request, at());
      if (issued.kind !== 'issued') throw new Error('not issued');
      const { reference } = issued.issued;
      expect(await bench.connection.cancel({ key: bench.key('never issued'), reference }, at())).toMatchObject({
        kind: 'declined',
        reason: 'never_seen',
      });
      expect(await bench.connection.cancel({ key: request.key, reference: '0000000000000000' }, at())).toMatchObject({
        kind: 'declined',
        reason: 'rejected',
      });
      expect(await bench.connection.cancel({ key: request.key, reference }, at())).toEqual({ kind: 'cancelled' });
      expect(await bench.connection.cancel({ key: request.key, reference }, at())).toEqual({ kind: 'cancelled' });
      expect(bench.fake.issues()).toMatchObject([{ cancelled: true }]);
      const again = await bench.connection.issue(request, at());
      expect(heard(again)).toEqual({ unknown: 'voided' });
      expectDiscreet(again, bench, provider);

      const late = { key: bench.key('late'), yen };
      const second = await bench.connection.issue(late, at());
      if (second.kind !== 'issued') throw new Error('not issued');
      now = new Date(now.getTime() + 15 * 60_000 + 1);
      expect(await bench.connection.cancel({ key: late.key, reference: second.issued.reference }, at())).toMatchObject({
        kind: 'declined',
        reason: 'too_late',
      });
    });

    it('tells its funds, and declines what they do not cover', async () => {
      expect(Boolean(bench.connection.funds)).toBe(provider.capabilities.funds);
      if (!bench.connection.funds) return;
      bench.fake.setFunds(yen);
      expect(await bench.connection.funds(at())).toEqual({ kind: 'funds', yen, at: NOON });
      await bench.connection.issue({ key: bench.key('last yen'), yen }, at());
      expect(await bench.connection.funds(at())).toMatchObject({ kind: 'funds', yen: 0 });
      expect(heard(await bench.connection.issue({ key: bench.key('one too many'), yen }, at()))).toEqual({
        declined: 'insufficient_funds',
      });
      expect(heard(await bench.connection.issue({ key: bench.key('last yen'), yen }, at()))).toBe('issued');
      expect(bench.fake.issues()).toHaveLength(1);
    });

    it('reveals a code again without issuing, if its codes may not be kept', async () => {
      expect(Boolean(bench.connection.reveal)).toBe(provider.capabilities.codes === 'refetch');
      if (!bench.connection.reveal) return;
      const request = { key: bench.key('reveal'), yen };
      const issued = await bench.connection.issue(request, at());
      now = new Date(now.getTime() + 30 * 86_400_000);
      expect(await bench.connection.reveal(request, at())).toEqual(issued);
      expect(bench.fake.issues()).toHaveLength(1);
    });
  });
});

describe('over real connections', () => {
  let server: StandInServer;
  beforeAll(async () => {
    server = await startStandInServer({ now: () => NOON, hangMs: 60_000 });
  });
  afterAll(() => server.close());

  describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
    const benchHere = () => benchOf(provider, server.environment, server.standIn(id));
    const options = { now: NOON };

    it('issues once per key', async () => {
      const bench = benchHere();
      const request = { key: bench.key('real'), yen: 1000 };
      const first = await bench.connection.issue(request, options);
      expect(first).toMatchObject({ kind: 'issued', yen: 1000 });
      expect(await bench.connection.issue(request, options)).toEqual(first);
      expect(bench.fake.issues().filter((issue) => issue.key === request.key)).toHaveLength(1);
    });

    it.each(FAULTS)('hears $fault as $hears', async ({ fault, hears, issues }) => {
      const bench = benchHere();
      const request = { key: bench.key(`real ${fault}`), yen: 1000 };
      bench.fake.fault(fault);
      const outcome = await (fault.startsWith('timeout') ? bench.impatient : bench.connection).issue(request, options);
      expect(heard(outcome)).toEqual(hears);
      expect(bench.fake.issues().filter((issue) => issue.key === request.key)).toHaveLength(issues ? 1 : 0);
      expectDiscreet(outcome, bench, provider);
    });

    it('is refused with another secret', async () => {
      const bench = benchHere();
      const secret = provider.settings.variables.find((variable) => variable.secret)?.name ?? '';
      const settings = parse(provider, { ...server.environment, [secret]: `${server.environment[secret]}x` });
      const before = bench.fake.issues().length;
      expect((await provider.connect(settings).issue({ key: bench.key('real forged'), yen: 1000 }, options)).kind).toBe('declined');
      expect(bench.fake.issues()).toHaveLength(before);
    });
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { connectGiftCodes } from '#adapters/providers/gift-code-api/client';
import { giftCodeSettings } from '#adapters/providers/gift-code-api/settings';
import { giftCodeStandIn } from '#adapters/providers/gift-code-api/stand-in';
import * as wire from '#adapters/providers/gift-code-api/wire';
import type { Fault } from '#adapters/providers/port';

/** The document, the code's own schemas and what really goes over the wire must be one and the same contract. */

const FILE = fileURLToPath(new URL('../../adapters/providers/gift-code-api/openapi.yaml', import.meta.url));

type Json = { readonly [member: string]: unknown };
interface Operation {
  readonly requestBody?: { readonly content: Json };
  readonly responses: Readonly<Record<string, Json>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly responses: Readonly<Record<string, Json>>;
    readonly securitySchemes: Readonly<Record<string, Json>>;
  };
}
const document = parse(readFileSync(FILE, 'utf8')) as OpenApi;

/** The schemas of the document with their references turned from the document's place to a schema's own. */
const $defs = JSON.parse(JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/')) as Record<
  string,
  Json
>;

function validatorOf(schema: Json): z.ZodType {
  const own = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')) as Json;
  return z.fromJSONSchema({ ...own, $defs } as Parameters<typeof z.fromJSONSchema>[0]);
}

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(FILE);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it('has the paths that the client calls, and no others', () => {
    const called = Object.values(wire.PATHS).map((path) => decodeURIComponent(path('{key}')));
    expect(Object.keys(document.paths).sort()).toEqual(called.sort());
  });

  it('has the problem types of the code, under the same statuses', () => {
    const { properties, description } = $defs.Problem as { properties: { type: { enum: string[] } }; description: string };
    expect(properties.type.enum.sort()).toEqual(
      Object.keys(wire.PROBLEMS)
        .map((type) => wire.PROBLEM_PREFIX + type)
        .sort(),
    );
    const listed = [...description.matchAll(/^\| (\d{3}) \| ([a-z-]+) \|/gm)].map(([, status, type]) => [type, Number(status)]);
    expect(Object.fromEntries(listed)).toEqual(wire.PROBLEMS);
  });

  it.each([
    ['Order', wire.order],
    ['Cancellation', wire.cancellation],
    ['Gift', wire.gift],
    ['Funds', wire.funds],
    ['Catalogue', wire.catalogue],
  ] as const)('describes %s as the code reads it', (name, schema) => {
    expect(essence(z.toJSONSchema(schema))).toEqual(essence($defs[name] ?? {}));
  });

  it('names the headers that the client sends', () => {
    const names = Object.values(document.components.securitySchemes).map((scheme) => String(scheme.name).toLowerCase());
    expect(names.sort()).toEqual(['gift-key-id', 'gift-nonce', 'gift-signature', 'gift-timestamp']);
  });
});

/** What a schema demands, without its words: references put in place, order and open ends taken out. */
function essence(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(essence);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref) return essence($defs[$ref.slice('#/$defs/'.length)]);
  const kept: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(schema)) {
    if (member === '$schema' || member === 'description') continue;
    if (member === 'additionalProperties' && value !== false) continue;
    // The library writes the pattern of a date-time out; the format says the same.
    if (member === 'pattern' && 'format' in schema) continue;
    // A slash needs its backslash only in a literal of the language.
    if (member === 'pattern') kept[member] = String(value).replaceAll('\\/', '/');
    else if (member === 'required') kept[member] = [...(value as string[])].sort();
    else if (member === 'properties')
      kept[member] = Object.fromEntries(Object.entries(value as Json).map(([name, each]) => [name, essence(each)]));
    else kept[member === 'anyOf' ? 'oneOf' : member] = essence(value);
  }
  return kept;
}

describe('what goes over the wire', () => {
  const baseUrl = 'https://gifts.test/prefix';
  const parsed = giftCodeSettings('TESTED', 'test-gift').parse({
    TESTED_BASE_URL: baseUrl,
    TESTED_KEY_ID: 'TEST-key-1',
    TESTED_SECRET: 'TEST-secret-not-for-real-use',
  });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  const { settings } = parsed;
  let now = new Date('2023-05-20T03:00:00Z');
  const fake = giftCodeStandIn({
    name: 'Test gift',
    amounts: { kind: 'fixed', faceValuesYen: [100, 500] },
    codeFor: (key) => `TEST${key.slice(-12)}`,
    urlFor: (code) => `https://gift.example/r?id=${code}`,
    hasManagementNo: true,
    cancelWindowMs: 60_000,
  })({ settings, now: () => now, hangMs: 10 });

  const seen = new Set<string>();
  const exchanges: { request: Request; response: Response }[] = [];
  const network = setupServer(
    http.all(`${baseUrl}/*`, async ({ request }) => {
      const asked = request.clone();
      try {
        const response = await fake.handle(request);
        exchanges.push({ request: asked, response: response.clone() });
        return response;
      } catch {
        return HttpResponse.error();
      }
    }),
  );
  beforeAll(() => network.listen({ onUnhandledRequest: 'error' }));
  afterAll(() => network.close());

  async function expectConform({ request, response }: { request: Request; response: Response }): Promise<void> {
    const path = new URL(request.url).pathname.slice('/prefix'.length).replace(/^(\/v1\/gifts\/)[^/]+/, '$1{key}');
    const operation = document.paths[path]?.[request.method.toLowerCase()];
    expect(operation, `${request.method} ${path}`).toBeDefined();
    if (!operation) return;
    expect(request.headers.get('gift-key-id')).toBeTruthy();
    expect(request.headers.get('gift-timestamp')).toMatch(/^\d{10}$/);
    expect(request.headers.get('gift-nonce')).toMatch(/^[A-Za-z0-9_-]{22,64}$/);
    expect(request.headers.get('gift-signature')).toMatch(/^[0-9a-f]{64}$/);
    const body = await request.text();
    if (operation.requestBody) {
      expect(request.headers.get('content-type')).toBe('application/json');
      const { schema } = operation.requestBody.content['application/json'] as { schema: Json };
      validatorOf(schema).parse(JSON.parse(body));
    } else expect(body).toBe('');

    const listed = operation.responses[String(response.status)] ?? (response.status >= 500 ? operation.responses['5XX'] : undefined);
    expect(listed, `${request.method} ${path} ${response.status}`).toBeDefined();
    const described = (typeof listed?.$ref === 'string' ? document.components.responses[listed.$ref.split('/').at(-1) ?? ''] : listed) as {
      content?: Json;
    };
    if (response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    if (!described.content) return;
    const content = described.content[response.headers.get('content-type') ?? ''] as { schema: Json } | undefined;
    expect(content, `content type of ${response.status}`).toBeDefined();
    const answer = (await response.json()) as { type?: string };
    validatorOf(content?.schema ?? {}).parse(answer);
    seen.add(`${request.method} ${path}`);
    if (answer.type) seen.add(answer.type.slice(wire.PROBLEM_PREFIX.length));
  }

  it('conforms, whatever is asked and whatever comes of it', async () => {
    const connection = connectGiftCodes(settings, { codePattern: /^[A-Za-z0-9]{16}$/ }, { timeLimitMs: 5_000 });
    const stranger = connectGiftCodes({ ...settings, secret: `${settings.secret}x` }, { codePattern: /^.*$/ }, { timeLimitMs: 5_000 });
    const other = connectGiftCodes({ ...settings, productId: 'other-gift' }, { codePattern: /^.*$/ }, { timeLimitMs: 5_000 });
    const key = (n: number) => `uk-00000000000${n}`;
    const options = () => ({ now });

    const issued = await connection.issue({ key: key(1), yen: 500 }, options());
    if (issued.kind !== 'issued') throw new Error(JSON.stringify(issued));
    const { reference } = issued.issued;
    await connection.issue({ key: key(1), yen: 500 }, options());
    await connection.issue({ key: key(1), yen: 100 }, options());
    await connection.issue({ key: key(2), yen: 101 }, options());
    await connection.lookup({ key: key(1), yen: 500 }, options());
    await connection.lookup({ key: key(3), yen: 500 }, options());
    await connection.cancel({ key: key(1), reference: 'gft_other' }, options());
    await connection.cancel({ key: key(3), reference }, options());
    await connection.cancel({ key: key(1), reference }, options());
    await connection.issue({ key: key(1), yen: 500 }, options());
    await connection.lookup({ key: key(1), yen: 500 }, options());
    await connection.funds(options());
    expect(await connection.catalogue(options())).toEqual({
      kind: 'catalogue',
      products: [{ id: 'test-gift', name: 'Test gift', cancellable: true, amount: { kind: 'fixed', faceValuesYen: [100, 500] } }],
    });
    const late = await connection.issue({ key: key(4), yen: 100 }, options());
    now = new Date(now.getTime() + 60_001);
    if (late.kind === 'issued') await connection.cancel({ key: key(4), reference: late.issued.reference }, options());
    await stranger.issue({ key: key(5), yen: 100 }, options());
    await stranger.funds(options());
    await other.issue({ key: key(5), yen: 100 }, options());
    await connection.issue({ key: key(5), yen: 100 }, { now: new Date(now.getTime() + 400_000) });
    const faults: Fault[] = [
      'throttle',
      'account_suspended',
      'out_of_stock',
      'insufficient_funds',
      'rejected',
      'error_before',
      'error_after',
      'timeout_before',
      'timeout_after',
      'wrong_amount',
    ];
    for (const [n, fault] of faults.entries()) {
      fake.fault(fault);
      await connection.issue({ key: `uk-fault-${n}-000000`, yen: 100 }, options());
    }

    for (const exchange of exchanges) await expectConform(exchange);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...seen]).toEqual(expect.arrayContaining(operations));
    // Of the stand-in's refusals these three have no honest way to come about here: it never tires of a code being used,
    // the client sends nothing malformed, and it never repeats a nonce (that one is tested beside the client).
    const absent = ['malformed-request', 'replayed-request', 'used'];
    expect([...seen]).toEqual(expect.arrayContaining(Object.keys(wire.PROBLEMS).filter((type) => !absent.includes(type))));
  });
});

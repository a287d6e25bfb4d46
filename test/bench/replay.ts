import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Child, serveParent, startChild } from './child';
import type { LoadResult } from './load';
import type { Recording } from './record';

export interface ReplayPlan {
  /** For each replay, the ids it is given. */
  readonly given: readonly (readonly string[])[];
  readonly connections: number;
}

export type Replay = Child<void, ReplayPlan, LoadResult>;

/**
 * Sends a recording's statements straight through `pg`, in a process of its own: the same texts and values in the
 * same transactions, with new ids, keys and digests, and nothing else done.
 */
export function startReplay(settings: { url: string; recording: Recording; connections: number }): Promise<Replay> {
  return startChild<void, ReplayPlan, LoadResult>('replay.ts', settings);
}

type Fresh = ReadonlyMap<string, string | Buffer>;
type Filling = (fresh: Fresh) => unknown;

/** Works out once where the new values go, so that a replay costs next to nothing beside its statements. */
function prepare({ statements, given, made }: Recording): { text: string; fillings: Filling[] }[] {
  const texts = [...given, ...made.filter((value) => typeof value === 'string')];
  const bytes = new Set(made.filter((value) => typeof value !== 'string').map(hex));
  return statements.map(({ text, values }) => ({
    text,
    fillings: values.map((value): Filling => {
      if (value instanceof Uint8Array) return bytes.has(hex(value)) ? (fresh) => fresh.get(hex(value)) : () => value;
      if (typeof value !== 'string') return () => value;
      if (texts.includes(value)) return (fresh) => fresh.get(value);
      const inside = texts.filter((own) => value.includes(own));
      return inside.length === 0 ? () => value : (fresh) => inside.reduce((all, own) => all.replaceAll(own, String(fresh.get(own))), value);
    }),
  }));
}

function freshValues({ given, made }: Recording, ids: readonly string[]): Fresh {
  const fresh = new Map<string, string | Buffer>();
  for (const [at, id] of given.entries()) fresh.set(id, ids[at] ?? id);
  for (const value of made) {
    if (typeof value !== 'string') fresh.set(hex(value), randomBytes(value.length));
    else fresh.set(value, value.length === 36 ? randomUUID() : randomBytes(16).toString('base64url'));
  }
  return fresh;
}

function hex(value: string | Uint8Array): string {
  return Buffer.from(value).toString('hex');
}

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ url, recording, connections }: { url: string; recording: Recording; connections: number }) => {
    const clients = await Promise.all(
      Array.from({ length: connections }, async () => {
        const client = new pg.Client(url);
        await client.connect();
        return client;
      }),
    );
    const statements = prepare(recording);
    return {
      ready: undefined,
      answer: async ({ given }: ReplayPlan): Promise<LoadResult> => {
        const latenciesMs: number[] = [];
        const start = performance.now();
        let next = 0;
        const loop = async (client: pg.Client) => {
          while (next < given.length) {
            const ids = given[next] ?? [];
            next += 1;
            const sent = performance.now();
            const fresh = freshValues(recording, ids);
            for (const { text, fillings } of statements)
              await client.query(
                text,
                fillings.map((filling) => filling(fresh)),
              );
            latenciesMs.push(performance.now() - sent);
          }
        };
        await Promise.all(clients.map(loop));
        const seconds = (performance.now() - start) / 1_000;
        return { count: latenciesMs.length, perSecond: latenciesMs.length / seconds, latenciesMs };
      },
      stop: async () => void (await Promise.all(clients.map((client) => client.end()))),
    };
  });
}

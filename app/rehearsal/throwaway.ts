import { Client } from 'pg';
import { migrate } from '#db/migrate';

/** Names say what they are, so that what a crash leaves can be found and dropped. */
const PREFIX = 'uketori_rehearsal_';

export interface ThrowawayDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * Makes a database of its own beside the one of the URL, with all tables and nobody in it; what earlier rehearsals left
 * is dropped first. The URL's role must be allowed to create databases.
 * @throws what the server says when it is not, or cannot be reached
 */
export async function openThrowaway(serverUrl: string, id: string): Promise<ThrowawayDatabase> {
  const name = `${PREFIX}${id.replaceAll('-', '')}`;
  const asServer = async (work: (client: Client) => Promise<unknown>) => {
    const client = new Client(serverUrl);
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await asServer(async (client) => {
    const left = await client.query<{ name: string }>(
      `select d.datname as name from pg_database d where d.datname like $1 and d.datname <> $2
         and not exists (select 1 from pg_stat_activity a where a.datname = d.datname)`,
      [`${PREFIX.replaceAll('_', '\\_')}%`, name],
    );
    // Somebody may have come to it meanwhile: then it is theirs.
    for (const row of left.rows) await client.query(`drop database if exists ${row.name}`).catch(() => undefined);
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const drop = () => asServer((client) => client.query(`drop database if exists ${name} with (force)`));
  try {
    await migrate(url.href);
  } catch (error) {
    await drop();
    throw error;
  }
  return { url: url.href, drop };
}

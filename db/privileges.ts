import type { ClientBase } from 'pg';

/**
 * What no dated migration can grant: the database itself (its privileges are not copied with a template)
 * and the queue's tables (they come from graphile-worker, in whatever form its version has). Idempotent.
 */
export async function grantDatabase(client: ClientBase): Promise<void> {
  await client.query(`
    do $$ begin
      execute format('revoke all on database %I from public', current_database());
      execute format('grant connect on database %I to uketori_web, uketori_worker, uketori_console', current_database());
      -- Matching a statement keeps its sides in a temporary table.
      execute format('grant temporary on database %I to uketori_console', current_database());
    end $$;
    grant select on kysely_migration to uketori_web, uketori_worker, uketori_console;
  `);
}

/** Lets the worker role run graphile-worker. The web role gets nothing here: it has `enqueue_job`. */
export async function grantQueue(client: ClientBase): Promise<void> {
  await client.query(`
    revoke all on all functions in schema graphile_worker from public;
    grant usage on schema graphile_worker to uketori_worker;
    grant select, insert, update, delete on all tables in schema graphile_worker to uketori_worker;
    grant usage on all sequences in schema graphile_worker to uketori_worker;
    grant execute on all functions in schema graphile_worker to uketori_worker;
    -- What has been migrated is the owner's to say.
    revoke insert, update, delete on graphile_worker.migrations from uketori_worker;
    -- graphile-worker switches row security on, so a role that owns nothing sees no row without a policy.
    do $$ declare t record; begin
      for t in select c.relname from pg_class c
        where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and c.relrowsecurity
          and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'uketori_worker')
      loop
        execute format('create policy uketori_worker on graphile_worker.%I to uketori_worker using (true) with check (true)', t.relname);
      end loop;
    end $$;
  `);
}

export interface RolePasswords {
  readonly web?: string;
  readonly worker?: string;
  readonly console?: string;
}

/** Sets the login passwords of the runtime roles; one that is left out keeps what it has. */
export async function setRolePasswords(client: ClientBase, passwords: RolePasswords): Promise<void> {
  for (const [role, password] of [
    ['uketori_web', passwords.web],
    ['uketori_worker', passwords.worker],
    ['uketori_console', passwords.console],
  ] as const) {
    // ALTER ROLE takes no parameters; the driver's own quoting is what is left.
    if (password) await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
  }
}

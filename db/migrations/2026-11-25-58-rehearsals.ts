import { type Kysely, sql } from 'kysely';

/**
 * Rehearsals of a programme's calendar: which settings were played, and what came of each scene. They are played on a
 * database of their own; nothing here is about anybody.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rehearsals (
      id uuid primary key,
      campaign_id text not null references campaigns,
      content jsonb not null,
      -- broken: it could not be played to the end. unavailable: this installation has nowhere to play it.
      state text not null check (state in ('waiting', 'playing', 'passed', 'failed', 'broken', 'unavailable')),
      steps jsonb not null default '[]' check (jsonb_typeof(steps) = 'array'),
      asked_by uuid not null references staff,
      asked_at timestamptz not null,
      ended_at timestamptz,
      check ((ended_at is null) = (state in ('waiting', 'playing')))
    );
    create index rehearsals_of_campaign on rehearsals (campaign_id, asked_at desc);
    create unique index rehearsals_one_at_once on rehearsals (campaign_id) where ended_at is null;

    alter table rehearsals enable row level security;
    create policy own_campaigns on rehearsals to uketori_console
      using (coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*') = '*'
        or campaign_id = any(string_to_array(current_setting('uketori.campaigns', true), ' ')))
      with check (coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*') = '*'
        or campaign_id = any(string_to_array(current_setting('uketori.campaigns', true), ' ')));
    create policy for_everybody on rehearsals to uketori_web, uketori_worker using (true) with check (true);
    grant select, insert on rehearsals to uketori_console;
    grant update (state, steps, ended_at) on rehearsals to uketori_console;
  `.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** Waves: invitations and reminders that go out in turns, and who asked to be reminded no more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Whom a wave is for: those of the app, or applicants.
    alter table grants add column sending_group text not null default 'app' check (sending_group in ('app', 'claim'));

    create table waves (
      id uuid primary key,
      campaign_id text not null references campaigns,
      -- Counted up within the campaign; people name a wave by it.
      number integer not null check (number > 0),
      sending_group text not null check (sending_group in ('app', 'claim')),
      purpose text not null check (purpose in ('invitation', 'reminder')),
      state text not null check (state in ('planned', 'running', 'paused', 'stopped', 'done')),
      -- Days in Japan, both included, and the hours of each day: from the first on, until the end.
      from_on date not null,
      until_on date not null,
      first_hour smallint not null check (first_hour between 0 and 23),
      end_hour smallint not null check (end_hour between 1 and 24),
      -- Null: as fast as the channel goes.
      per_hour integer check (per_hour > 0),
      -- The receiver's domain → messages an hour.
      domain_per_hour jsonb not null default '{}',
      -- Messages an hour on the first day, the second and so on, before per_hour holds.
      warm_up integer[] not null default '{}',
      made_by text not null,
      made_at timestamptz not null,
      started_at timestamptz,
      state_at timestamptz not null,
      -- How far the present turn through the people has come; null: at its beginning.
      fed_after uuid,
      -- No turn begins before this.
      turn_at timestamptz,
      -- Whether this turn passed by somebody for whom it was too early.
      turn_left boolean not null default false,
      queued integer not null default 0 check (queued >= 0),
      -- Why it waits at the moment.
      waits_for text check (waits_for in ('hours', 'pace', 'backlog', 'issuing')),
      unique (campaign_id, number),
      unique (id, campaign_id),
      check (from_on <= until_on),
      check (first_hour < end_hour),
      check (cardinality(warm_up) <= 31 and 0 < all (warm_up)),
      check ((state = 'planned') <= (started_at is null))
    );

    -- When the next message may be queued: of a wave (domain ''), and to one domain.
    create table wave_paces (
      wave_id uuid not null references waves,
      domain text not null,
      next_at timestamptz not null,
      primary key (wave_id, domain)
    );

    -- People whom a wave could not write to at all.
    create table wave_misses (
      wave_id uuid not null references waves,
      grant_id uuid not null references grants,
      link_generation integer not null,
      reason text not null check (reason in ('no_address', 'unreadable')),
      at timestamptz not null,
      primary key (wave_id, grant_id, link_generation)
    );

    create function check_wave_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.number, new.sending_group, new.purpose, new.from_on, new.until_on, new.first_hour, new.end_hour,
          new.per_hour, new.domain_per_hour, new.warm_up, new.made_by, new.made_at)
        is distinct from (old.id, old.campaign_id, old.number, old.sending_group, old.purpose, old.from_on, old.until_on, old.first_hour,
          old.end_hour, old.per_hour, old.domain_per_hour, old.warm_up, old.made_by, old.made_at) then
        raise exception 'a wave keeps what was planned' using errcode = 'UK003';
      end if;
      -- Stopped is for good.
      if new.state <> old.state and (old.state, new.state) not in (
        ('planned', 'running'), ('planned', 'stopped'), ('running', 'paused'), ('running', 'stopped'), ('running', 'done'),
        ('paused', 'running'), ('paused', 'stopped'), ('done', 'stopped')) then
        raise exception 'a wave cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger waves_change before update on waves for each row execute function check_wave_change();
    create trigger waves_stay before delete or truncate on waves for each statement execute function refuse_change();
    create trigger wave_misses_stay before update or delete or truncate on wave_misses for each statement execute function refuse_change();

    alter table messages drop constraint messages_purpose_check;
    alter table messages add constraint messages_purpose_check check (purpose in ('resend', 'address_changed_old',
      'address_changed_new', 'code_ready', 'reissued', 'deadline_extended', 'invitation', 'reminder'));
    alter table messages
      add column wave_id uuid,
      -- Days before the deadline, and the last day it speaks of.
      add column reminder_step smallint check (reminder_step in (14, 7, 3, 1, 0)),
      add column reminder_for date,
      add foreign key (wave_id, campaign_id) references waves (id, campaign_id),
      add check ((purpose = 'reminder') = (reminder_step is not null)),
      add check ((purpose = 'reminder') = (reminder_for is not null)),
      add check ((purpose in ('invitation', 'reminder')) = (wave_id is not null));

    -- Nobody gets two invitations. At any time one at most that has not surely failed ("unknown" may have arrived) …
    create unique index messages_one_invitation on messages (grant_id) where purpose = 'invitation' and state <> 'hard_failed';
    -- … and one at all by each channel, but for those taken out of the queue before they were sent.
    create unique index messages_invitation_channel on messages (grant_id, channel)
      where purpose = 'invitation' and not (state = 'hard_failed' and reason = 'outdated');
    -- And no reminder twice.
    create unique index messages_one_reminder on messages (grant_id, reminder_for, reminder_step) where purpose = 'reminder';
    create index messages_wave_open on messages (wave_id) where wave_id is not null and state in ('queued', 'sending', 'soft_failed');
    create index messages_wave on messages (wave_id, state, channel) where wave_id is not null;
    -- Invitations that failed, for the other channel.
    create index messages_invitation_failed on messages (wave_id, id) where purpose = 'invitation' and state = 'hard_failed';

    -- "Outdated" promises that nothing was sent: only what waits may become it.
    create function check_outdated() returns trigger language plpgsql as $$
    begin
      if new.state = 'hard_failed' and new.reason = 'outdated' and old.state not in ('queued', 'soft_failed', 'hard_failed')
        or (old.state = 'hard_failed' and new.reason is distinct from old.reason) then
        raise exception 'what may have been sent is not outdated' using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger messages_outdated before update on messages for each row execute function check_outdated();

    -- What followed an invitation that surely failed: another by the other channel, or none because there is no other address.
    create table fallovers (
      message_id uuid primary key references messages,
      next_message_id uuid references messages,
      at timestamptz not null
    );
    create trigger fallovers_stay before update or delete or truncate on fallovers for each statement execute function refuse_change();

    -- Who asked to be reminded no more.
    create table reminder_opt_outs (
      grant_id uuid primary key references grants,
      way text not null check (way in ('page', 'one_click')),
      at timestamptz not null
    );
    create trigger reminder_opt_outs_stay before update or delete or truncate on reminder_opt_outs
      for each statement execute function refuse_change();

    grant execute on function check_wave_change, check_outdated to uketori_console, uketori_worker;
    -- The console's role reads addresses, so it queues; the worker's sends, and only has to know what still holds.
    grant select on waves, wave_paces, wave_misses, fallovers, reminder_opt_outs to uketori_console;
    grant insert on waves, wave_paces, wave_misses, fallovers to uketori_console;
    grant update (state, started_at, state_at, fed_after, turn_at, turn_left, queued, waits_for) on waves to uketori_console;
    grant update (next_at) on wave_paces to uketori_console;
    grant select on waves, reminder_opt_outs to uketori_worker;
    grant insert on reminder_opt_outs to uketori_web;
    grant select (grant_id) on reminder_opt_outs to uketori_web;
  `.execute(db);
}

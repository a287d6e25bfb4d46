import { type Kysely, sql } from 'kysely';

/**
 * The hash chain over the audit entries. Every entry is linked when its transaction commits: the last thing a
 * transaction does, so that the one row all of them need is held only for the commit itself and nobody can wait in a
 * circle. What was linked is append-only; `audit_anchors` are signed heads, against a tail that is cut off and a
 * chain that is made anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_links (
      seq bigint primary key check (seq > 0),
      entry_id uuid not null unique references audit_entries,
      hash bytea not null check (octet_length(hash) = 32)
    );
    create table audit_head (
      one boolean primary key default true check (one),
      seq bigint not null,
      hash bytea not null check (octet_length(hash) = 32)
    );
    insert into audit_head (seq, hash) values (0, sha256('uketori audit'));

    create table audit_anchors (
      seq bigint primary key references audit_links,
      hash bytea not null check (octet_length(hash) = 32),
      at timestamptz not null,
      key_id text not null,
      signature bytea not null check (octet_length(signature) = 64)
    );

    -- The bytes that are hashed: every field with its length before it, so that no two entries read alike.
    create function audit_text(entry audit_entries) returns text language sql stable set timezone = 'UTC' as $$
      select string_agg(length(field) || ':' || field, '' order by place) from (values
        (1, entry.id::text),
        (2, coalesce(entry.campaign_id, '-')),
        (3, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
        (4, entry.actor),
        (5, entry.act),
        (6, entry.subject_kind),
        (7, entry.subject_id),
        (8, entry.detail::text)
      ) fields (place, field)
    $$;

    create function link_audit_entry() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      head audit_head;
    begin
      select * into head from audit_head for update;
      head.seq := head.seq + 1;
      head.hash := sha256(head.hash || convert_to(audit_text(new), 'UTF8'));
      insert into audit_links (seq, entry_id, hash) values (head.seq, new.id, head.hash);
      update audit_head set seq = head.seq, hash = head.hash;
      return null;
    end $$;

    -- What was written before there was a chain, in its order.
    do $$ declare entry audit_entries; head audit_head; begin
      select * into head from audit_head;
      for entry in select * from audit_entries order by at, id loop
        head.seq := head.seq + 1;
        head.hash := sha256(head.hash || convert_to(audit_text(entry), 'UTF8'));
        insert into audit_links (seq, entry_id, hash) values (head.seq, entry.id, head.hash);
      end loop;
      update audit_head set seq = head.seq, hash = head.hash;
    end $$;

    create constraint trigger audit_entries_link after insert on audit_entries
      deferrable initially deferred for each row execute function link_audit_entry();

    create trigger audit_links_append_only before update or delete or truncate on audit_links
      for each statement execute function refuse_change();
    create trigger audit_anchors_append_only before update or delete or truncate on audit_anchors
      for each statement execute function refuse_change();

    revoke all on function link_audit_entry from public;
    grant execute on function link_audit_entry, audit_text to uketori_web, uketori_worker, uketori_console;
    grant select on audit_links, audit_head, audit_anchors to uketori_console;
    grant insert on audit_anchors to uketori_console;
    create index audit_entries_at on audit_entries (at desc, id desc);
    create index audit_entries_actor on audit_entries (actor, at desc);
  `.execute(db);
}

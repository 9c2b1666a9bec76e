-- The law that officers of the nation's office put in and approve: each release is a file with an effective date and a
-- chained history of its own, which the log over all histories holds, too.

-- +goose Up
create table law_release (
    id           uuid primary key,
    version      int not null check (version > 0),
    head         bytea not null check (octet_length(head) = 32),
    programme    text not null,
    kind         text not null,
    name         text not null,
    effective_from date not null,
    reason       text not null,
    content      text not null,
    state        text not null default 'proposed' check (state in ('proposed', 'approved', 'withdrawn')),
    put_in_by    uuid not null references officer,
    put_in_at    timestamptz not null default clock_timestamp(),
    approved_by  uuid references officer,
    approved_at  timestamptz,
    withdrawn_by uuid references officer,
    phase        text not null default 'layoffs' check (phase in ('layoffs', 'cases', 'layoffs_again', 'cases_again', 'settled')),
    settled_to   uuid,
    looked_at    timestamptz,
    layoffs      int not null default 0,
    cases        int not null default 0,
    constraint law_release_four_eyes check (approved_by <> put_in_by),
    constraint law_release_approved check ((approved_by is null) = (approved_at is null) and (state <> 'approved' or approved_by is not null))
);
comment on column law_release.settled_to is 'the newest layoff or case of which it was looked at whether the release moves its days';

create table law_history (
    release_id  uuid not null references law_release deferrable initially deferred,
    seq         int not null check (seq > 0),
    kind        text not null,
    actor       uuid not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    payload     text not null,
    prev_hash   bytea not null check (octet_length(prev_hash) = 32),
    hash        bytea not null check (octet_length(hash) = 32),
    primary key (release_id, seq)
);
alter table law_release add constraint law_release_head foreign key (id, version) references law_history (release_id, seq) deferrable initially deferred;

-- The edition counts the changes of what holds, for every process to look at.
create table law_edition (
    the_one boolean primary key default true check (the_one),
    edition bigint not null default 0
);
insert into law_edition default values;

create trigger law_history_append_only before update or delete on law_history for each row execute function refuse('law_history_append_only');
create trigger law_history_no_truncate before truncate on law_history for each statement execute function refuse('law_history_append_only');
create trigger law_release_immutable before update on law_release for each row
    when (new.id <> old.id or new.content <> old.content or new.effective_from <> old.effective_from or new.put_in_by <> old.put_in_by or old.state = 'withdrawn' and new.version <> old.version)
    execute function refuse('law_release_immutable');

-- +goose StatementBegin
create function log_law_entries() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from log_state where published_at < clock_timestamp() - patience) then
        raise exception 'history_unpublished' using errcode = 'TG001', constraint = 'history_unpublished', table = tg_table_name;
    end if;
    insert into log_pending select f.release_id, f.seq, f.hash from fresh f;
    return null;
end $$;
-- +goose StatementEnd
create trigger law_history_log after insert on law_history referencing new table as fresh for each statement execute function log_law_entries();

grant select, insert on law_release, law_history to tanggap_app;
grant update (version, head, state, approved_by, approved_at, withdrawn_by, phase, settled_to, looked_at, layoffs, cases) on law_release to tanggap_app;
grant select, update on law_edition to tanggap_app;

-- +goose Down
drop table law_edition;
alter table law_release drop constraint law_release_head;
drop table law_history;
drop table law_release;
drop function log_law_entries;

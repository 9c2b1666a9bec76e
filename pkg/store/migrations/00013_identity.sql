-- Which keyset and which log key belong to this database, who ever changed that, and for how long nothing was
-- published.

-- +goose Up
-- The fingerprint is of the root of the keyset, which never changes; it gives nothing of it away.
create table deployment (
    the_one boolean primary key default true check (the_one),
    id      uuid not null default gen_random_uuid(),
    keyset  bytea not null check (octet_length(keyset) = 32),
    log_key text not null,
    made_at timestamptz not null default clock_timestamp()
);
comment on table deployment is 'one row from the first start on; another keyset is refused';

-- Every wrapping key that was ever in use, with a data key of nobody wrapped by it: a keyset that does not open all
-- of them lacks a key that some worker needs.
create table deployment_wrapping (
    key_id bigint primary key,
    probe  bytea not null,
    since  timestamptz not null default clock_timestamp()
);

create table deployment_change (
    at     timestamptz not null default clock_timestamp(),
    what   text not null check (what in ('keys.adopted', 'checkpoints.adopted')),
    login  text not null default session_user,
    person text not null check (length(person) between 1 and 200),
    reason text not null check (length(reason) between 1 and 1000),
    detail text not null default ''
);
create trigger deployment_change_append_only before update or delete on deployment_change for each row
    execute function refuse('deployment_change_append_only');
create trigger deployment_change_no_truncate before truncate on deployment_change for each statement
    execute function refuse('deployment_change_append_only');

grant select, insert on deployment, deployment_wrapping, deployment_change to tanggap_app;

-- A wall clock can be stepped: for how long nothing was published is counted by those who are there to publish, and
-- this is their longest count. Every checkpoint begins it again and counts one publication more.
alter table log_state
    add column unpublished_for interval not null default '0',
    add column publications bigint not null default 0,
    add column contradiction text;
comment on column log_state.published_at is
    'when the newest checkpoint left the database, for display only; empty until the first one does';
comment on column log_state.contradiction is
    'what of the published checkpoints and the database does not agree; nothing is written until it does';
grant update (unpublished_for, publications, contradiction) on log_state to tanggap_app;

-- An entry that nobody outside could vouch for must not be written.
-- +goose StatementBegin
create or replace function log_case_entries()
    returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare why text;
begin
    select case when contradiction is null then 'history_unpublished' else 'history_contradicted' end into why
        from log_state where contradiction is not null or unpublished_for > patience;
    if found then
        raise exception '%', why using errcode = 'TG001', constraint = why, table = tg_table_name;
    end if;
    insert into log_pending select f.case_id, f.seq, f.hash from fresh f;
    return null;
end $$;
create or replace function log_layoff_entries()
    returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare why text;
begin
    select case when contradiction is null then 'history_unpublished' else 'history_contradicted' end into why
        from log_state where contradiction is not null or unpublished_for > patience;
    if found then
        raise exception '%', why using errcode = 'TG001', constraint = why, table = tg_table_name;
    end if;
    insert into log_pending select f.layoff_id, f.seq, f.hash from fresh f;
    return null;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function log_case_entries()
    returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from log_state where published_at < clock_timestamp() - patience) then
        raise exception 'history_unpublished'
            using errcode = 'TG001', constraint = 'history_unpublished', table = tg_table_name;
    end if;
    insert into log_pending select f.case_id, f.seq, f.hash from fresh f;
    return null;
end $$;
create or replace function log_layoff_entries()
    returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from log_state where published_at < clock_timestamp() - patience) then
        raise exception 'history_unpublished'
            using errcode = 'TG001', constraint = 'history_unpublished', table = tg_table_name;
    end if;
    insert into log_pending select f.layoff_id, f.seq, f.hash from fresh f;
    return null;
end $$;
-- +goose StatementEnd
alter table log_state drop column contradiction, drop column publications, drop column unpublished_for;
drop table deployment_change, deployment_wrapping, deployment;

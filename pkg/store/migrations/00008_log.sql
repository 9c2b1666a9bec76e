-- The log over all histories: every entry of every case and layoff is a leaf of one Merkle tree, whose signed root is
-- published outside of this database. An entry waits here from its own transaction on, so that none is forgotten however
-- late that commits; the sealer takes the waiting ones, gives them their places, and keeps the tree in tiles of 256 hashes.

-- +goose Up
-- Without an index: entries are added one by one and taken all at once.
create table log_pending (
    entry_of uuid not null,
    seq      int not null,
    hash     bytea not null
);

create table log_leaf (
    idx      bigint primary key check (idx >= 0),
    entry_of uuid not null,
    seq      int not null,
    constraint log_leaf_once unique (entry_of, seq) include (idx)
);

create table log_tile (
    level  int not null check (level >= 0),
    n      bigint not null check (n >= 0),
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    primary key (level, n)
);

create table log_checkpoint (
    size         bigint primary key check (size >= 0),
    published_at timestamptz not null,
    note         text not null
);

create table log_state (
    the_one      boolean primary key default true check (the_one),
    size         bigint not null default 0,
    published_at timestamptz,
    patience     interval not null default '15 minutes'
);
comment on column log_state.published_at is 'when the newest checkpoint left the database; empty until the first one does';
insert into log_state default values;

insert into log_pending select case_id, seq, hash from case_history;
insert into log_pending select layoff_id, seq, hash from layoff_history;

-- An entry that nobody outside could vouch for must not be written: when checkpoints stay away for too long, writing stops.
-- +goose StatementBegin
create function log_case_entries() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from log_state where published_at < clock_timestamp() - patience) then
        raise exception 'history_unpublished' using errcode = 'TG001', constraint = 'history_unpublished', table = tg_table_name;
    end if;
    insert into log_pending select f.case_id, f.seq, f.hash from fresh f;
    return null;
end $$;
create function log_layoff_entries() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from log_state where published_at < clock_timestamp() - patience) then
        raise exception 'history_unpublished' using errcode = 'TG001', constraint = 'history_unpublished', table = tg_table_name;
    end if;
    insert into log_pending select f.layoff_id, f.seq, f.hash from fresh f;
    return null;
end $$;
-- +goose StatementEnd
create trigger case_history_log after insert on case_history referencing new table as fresh for each statement execute function log_case_entries();
create trigger layoff_history_log after insert on layoff_history referencing new table as fresh for each statement execute function log_layoff_entries();

create trigger log_leaf_append_only before update or delete on log_leaf for each row execute function refuse('log_append_only');
create trigger log_leaf_no_truncate before truncate on log_leaf for each statement execute function refuse('log_append_only');

grant select, delete on log_pending to tanggap_app;
grant select, insert on log_leaf, log_checkpoint to tanggap_app;
grant select, insert, update on log_tile to tanggap_app;
grant select on log_state to tanggap_app;
grant update (size, published_at, patience) on log_state to tanggap_app;

-- +goose Down
drop trigger layoff_history_log on layoff_history;
drop trigger case_history_log on case_history;
drop function log_layoff_entries, log_case_entries;
drop table log_state, log_checkpoint, log_tile, log_leaf, log_pending;

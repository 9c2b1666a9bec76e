-- The reports' figures are kept up with what changes instead of being counted anew: what each case adds to them is kept
-- beside it, so that a change takes the old part out and puts the new one in.

-- +goose Up
create table counted (
    case_id   uuid primary key,
    region    text collate "C" not null,
    year      int not null,
    standing  text,
    steps     text not null,
    days      int,
    placed    boolean not null,
    trainings text[] not null,
    providers text[] not null
);
comment on table counted is 'what of a case stands in rollup; written by the counting only';
comment on column counted.steps is 'the digits of the steps of the funnel that the worker came to';
alter table counted enable row level security, force row level security;
create policy owner on counted to tanggap_owner using (true);
create policy scope on counted to tanggap_app using (
    region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));
grant select, insert, update, delete on counted to tanggap_app;

-- log_size is up to where in the log changes are counted; reached is how far the first walk over all cases has come.
alter table rollup_state add column reached uuid, add column cases bigint not null default 0;
update rollup_state set log_size = -1, counted_at = null;
delete from rollup;

-- Work that no further attempt can help ends, and its record says of what. How often it failed without getting on stands in
-- attempts.
alter table intake add column attempts int not null default 0, drop constraint intake_state_check,
    add constraint intake_state_check check (state in ('checking', 'checked', 'refused', 'applying', 'applied', 'cancelled', 'failed'));
drop index intake_once;
create unique index intake_once on intake (officer_id, file_digest, md5(form)) where state not in ('refused', 'cancelled', 'failed');
alter table matching add column attempts int not null default 0, add column failure text;
grant update (attempts, failure) on matching to tanggap_app;
create index referral_moved on referral (answered_on) where kind = 'custody' and state = 'accepted';

-- The state that a case or layoff was left in by its newest entry, under a key that the database does not have: taken in the
-- transaction that gives the entry its place in the log. marks tell which column differs, mac that anything does.
create table state_columns (
    id      int generated always as identity primary key,
    columns text not null unique
);
create table state_seal (
    of      uuid primary key,
    seq     int not null,
    columns int not null references state_columns (id),
    marks   bytea not null,
    mac     bytea not null check (octet_length(mac) = 32)
);
comment on table state_seal is 'no personal data: keyed digests of rows';
create table state_since (
    the_one boolean primary key default true check (the_one),
    idx     bigint not null,
    mac     bytea not null
);
comment on column state_since.idx is 'the place in the log from which on every newest entry has a seal';
grant select, insert, update on state_seal to tanggap_app;
grant select, insert on state_columns, state_since to tanggap_app;

-- +goose Down
drop table state_since, state_seal, state_columns;
drop index referral_moved;
alter table matching drop column attempts, drop column failure;
drop index intake_once;
update intake set state = 'cancelled' where state = 'failed';
create unique index intake_once on intake (officer_id, file_digest, md5(form)) where state not in ('refused', 'cancelled');
alter table intake drop column attempts, drop constraint intake_state_check,
    add constraint intake_state_check check (state in ('checking', 'checked', 'refused', 'applying', 'applied', 'cancelled'));
update rollup_state set log_size = -1, counted_at = null;
delete from rollup;
alter table rollup_state drop column reached, drop column cases;
drop table counted;

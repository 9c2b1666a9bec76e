-- Signing in: what may still be tried, from where somebody signed in before, one-time codes by which an officer sets a
-- password, grants that wait for a second administrator, and the history of administration.

-- +goose Up
create table sign_in_budget (
    key     bytea primary key check (octet_length(key) = 16),
    full_at timestamptz not null
);
create index sign_in_budget_full on sign_in_budget (full_at);
comment on table sign_in_budget is 'by keyed digest of account and address: who reads this table learns of neither; a row whose time has come is as good as none';

create table sign_in_origin (
    officer_id uuid not null references officer (id),
    address    bytea not null check (octet_length(address) = 16),
    seen_at    timestamptz not null,
    primary key (officer_id, address)
);
comment on table sign_in_origin is 'keyed digests of the addresses from which an officer signed in: strangers elsewhere cannot keep the officer out there';

create table setup_code (
    officer_id uuid primary key references officer (id),
    digest     bytea not null check (octet_length(digest) = 32),
    issued_by  uuid references officer (id),
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    constraint setup_code_not_own check (issued_by is distinct from officer_id),
    constraint setup_code_short check (expires_at <= issued_at + interval '72 hours')
);

-- An officer without a password has the empty hash, which nothing fits.
alter table officer drop column failed_sign_ins, drop column locked_until;

alter table officer_grant
    add column proposed_by uuid references officer (id),
    add column confirmed_by uuid references officer (id),
    add column confirmed_at timestamptz,
    add column pending boolean not null generated always as (proposed_by is not null and confirmed_at is null) stored,
    add constraint officer_grant_four_eyes check (confirmed_by is distinct from proposed_by or confirmed_by is null),
    add constraint officer_grant_not_confirmed_own check (confirmed_by is distinct from officer_id);
comment on column officer_grant.pending is 'gives nothing until another administrator confirms it';

create table officer_event (
    id         bigint generated always as identity primary key,
    officer_id uuid not null references officer (id),
    kind       text not null check (kind in ('created', 'deactivated', 'code.issued', 'password.set', 'grant.given', 'grant.suspended', 'grant.confirmed', 'grant.revoked')),
    grant_id   uuid references officer_grant (id),
    actor      uuid references officer (id),
    at         timestamptz not null default clock_timestamp()
);
create index officer_event_of on officer_event (officer_id, id);
comment on table officer_event is 'the program may add to it and read it, nothing else';

grant select, insert, delete on sign_in_budget, sign_in_origin, setup_code to tanggap_app;
grant update (full_at) on sign_in_budget to tanggap_app;
grant update (seen_at) on sign_in_origin to tanggap_app;
grant update (digest, issued_by, issued_at, expires_at) on setup_code to tanggap_app;
grant update (proposed_by, confirmed_by, confirmed_at) on officer_grant to tanggap_app;
grant update (token_digest) on session to tanggap_app;
grant select, insert on officer_event to tanggap_app;

-- +goose Down
revoke update (token_digest) on session from tanggap_app;
update officer_grant set revoked_at = now() where pending and revoked_at is null; -- the program of before would let them count
drop table officer_event, setup_code, sign_in_origin, sign_in_budget;
alter table officer_grant drop column pending, drop column proposed_by, drop column confirmed_by, drop column confirmed_at;
alter table officer add column failed_sign_ins int not null default 0, add column locked_until timestamptz;
grant update (failed_sign_ins, locked_until) on officer to tanggap_app;

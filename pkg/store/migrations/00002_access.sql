-- Officers, what they may do and where, their sessions, and the answers kept for repeated requests.

-- +goose Up
create table officer (
    id              uuid primary key,
    email           text not null constraint officer_email unique check (email = lower(email)),
    name            text not null,
    office          text collate "C" not null references office (region),
    password_hash   text not null,
    active          boolean not null default true,
    failed_sign_ins int not null default 0,
    locked_until    timestamptz,
    created_by      uuid references officer (id),
    created_at      timestamptz not null default now(),
    version         int not null default 1
);

create table officer_grant (
    id         uuid primary key,
    officer_id uuid not null references officer (id),
    role       text not null check (role in ('administrator', 'supervisor', 'case_worker', 'mediator', 'analyst', 'auditor', 'service')),
    region     text collate "C" not null references office (region),
    valid_from date not null,
    valid_until date,
    granted_by uuid references officer (id),
    granted_at timestamptz not null default now(),
    revoked_by uuid references officer (id),
    revoked_at timestamptz,
    constraint officer_grant_period check (valid_until is null or valid_until >= valid_from),
    constraint officer_grant_not_own check (granted_by is distinct from officer_id)
);
create unique index officer_grant_once on officer_grant (officer_id, role, region) where revoked_at is null;

-- Only a digest of the token is kept: who reads this table cannot sign in.
create table session (
    token_digest bytea primary key check (octet_length(token_digest) = 32),
    officer_id   uuid not null references officer (id),
    created_at   timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at   timestamptz not null
);
create index session_officer on session (officer_id, created_at);

-- The answer to a POST, kept so that a retry neither repeats the work nor guesses. Bodies hold no personal data.
create table idempotency (
    caller     uuid not null,
    route      text not null,
    key        text not null check (length(key) between 1 and 256),
    digest     bytea not null,
    body       text not null,
    created_at timestamptz not null default now(),
    constraint idempotency_once primary key (caller, route, key)
);
create index idempotency_age on idempotency using brin (created_at);

grant select, insert on officer, officer_grant to tanggap_app;
grant update (name, office, password_hash, active, failed_sign_ins, locked_until, version) on officer to tanggap_app;
grant update (revoked_by, revoked_at) on officer_grant to tanggap_app;
grant select, insert, delete on session to tanggap_app;
grant update (last_seen_at, expires_at) on session to tanggap_app;
grant select, insert, delete on idempotency to tanggap_app;

-- +goose Down
drop table idempotency, session, officer_grant, officer;

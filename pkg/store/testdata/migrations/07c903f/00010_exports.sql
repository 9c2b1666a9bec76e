-- Exports as jobs: what was asked, under whose eyes, how far it came, and what it holds. The file itself lies outside.

-- +goose Up
create table export (
    id          uuid primary key,
    officer_id  uuid not null references officer (id),
    asked       jsonb not null,
    profile     text not null check (profile in ('sealed', 'masked', 'full')),
    scope       text[] not null,
    state       text not null check (state in ('awaiting', 'queued', 'running', 'ready', 'failed', 'refused', 'cancelled', 'expired')),
    failure     text,
    reason      text not null default '',
    decided_by  uuid references officer (id),
    attempt     int not null default 0,
    seen_at     timestamptz,
    entries     int not null default 0,
    total       int not null default 0,
    manifest    text,
    signature   text,
    file_name   text,
    bytes       bigint,
    sha256      bytea,
    created_at  timestamptz not null default now(),
    ready_at    timestamptz,
    expires_at  timestamptz,
    version     int not null default 1,
    constraint export_ready check ((state in ('ready', 'expired')) = (ready_at is not null)),
    constraint export_four_eyes check (decided_by is distinct from officer_id)
);
create index export_of_officer on export (officer_id, id);
create index export_live on export (state, seen_at) where state in ('awaiting', 'queued', 'running', 'ready');

-- Whom an export holds: one row per case, written before the file can be had.
create table export_case (
    export_id uuid not null references export (id) on delete cascade,
    case_id   uuid not null,
    primary key (export_id, case_id)
);
create index export_case_case on export_case (case_id);

alter table session add column confirmed_at timestamptz not null default now();

grant select, insert on export, export_case to tanggap_app;
grant delete on export_case to tanggap_app;
grant update (scope, state, failure, decided_by, attempt, seen_at, entries, total, manifest, signature, file_name, bytes, sha256, ready_at, expires_at, version)
    on export to tanggap_app;
grant update (confirmed_at) on session to tanggap_app;

-- +goose Down
alter table session drop column confirmed_at;
drop table export_case, export;

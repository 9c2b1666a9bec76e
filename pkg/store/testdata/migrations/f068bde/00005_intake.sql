-- An employer's list on its way to cases: the sealed file, one row per worker with what was found, and how far it came.

-- +goose Up
create table intake (
    id          uuid primary key,
    region      text collate "C" not null,
    officer_id  uuid not null references officer (id),
    file_name   text not null,
    file_digest bytea not null check (octet_length(file_digest) = 32),
    file_key    bytea not null,
    file        bytea not null,
    form        text not null,
    state       text not null check (state in ('checking', 'checked', 'refused', 'applying', 'applied', 'cancelled')),
    refusal     text,
    layoff_id   uuid references layoff (id),
    rows_total  int not null default 0,
    rows_valid  int not null default 0,
    rows_warned int not null default 0,
    rows_refused int not null default 0,
    rows_skipped int not null default 0,
    rows_done   int not null default 0,
    cases_opened int not null default 0,
    cases_known int not null default 0,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     int not null default 1
);
comment on column intake.region is 'the reach of the importing officer: "" national, a province or a regency';
create index intake_region on intake (region, id);
create unique index intake_once on intake (officer_id, file_digest, md5(form)) where state not in ('refused', 'cancelled');

create table intake_row (
    intake_id uuid not null references intake (id),
    row       int not null,
    region    text collate "C" not null,
    status    text not null check (status in ('valid', 'valid_warning', 'reject', 'skip')),
    reasons   text not null,
    regency   text collate "C",
    name      text not null default '',
    nik_tail  text not null default '',
    nik_hash  bytea,
    sealed    bytea,
    result    text check (result in ('opened', 'known', 'registered_elsewhere')),
    case_id   uuid,
    primary key (intake_id, row)
);
create index intake_row_waiting on intake_row (intake_id, row) where result is null and status in ('valid', 'valid_warning');

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['intake', 'intake_row'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format($p$create policy scope on %I to tanggap_app
            using (region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true)
                and (region = '' or length(region) = 2 or in_scope(region)))$p$, t);
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
        execute format('grant select, insert, update, delete on %I to tanggap_app', t);
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table intake_row, intake;

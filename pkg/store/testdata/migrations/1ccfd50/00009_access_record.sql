-- Who was shown whom, before it was shown; and the alarms over it. The program may add to the record and read it, nothing else.

-- +goose Up
create table access_record (
    id         bigint generated always as identity primary key,
    at         timestamptz not null default clock_timestamp(),
    officer_id uuid not null,
    action     text not null,
    route      text not null,
    request    text not null,
    outcome    text not null check (outcome in ('shown', 'refused')),
    emergency  uuid,
    subjects   uuid[] not null
);
comment on column access_record.subjects is 'cases whose worker was shown, or the list (intake) that was';
create index access_record_officer on access_record (officer_id, id);
create index access_record_at on access_record using brin (at);
create index access_record_subjects on access_record using gin (subjects);
create trigger access_record_append_only before update or delete on access_record for each row execute function refuse('access_record_append_only');
create trigger access_record_no_truncate before truncate on access_record for each statement execute function refuse('access_record_append_only');

create index intake_row_case on intake_row (case_id) where case_id is not null;

create table access_alarm (
    officer_id uuid not null,
    hour       timestamptz not null,
    kind       text not null check (kind in ('files', 'lists', 'refusals')),
    subjects   int not null,
    most       int not null,
    raised_at  timestamptz not null default clock_timestamp(),
    primary key (officer_id, hour, kind)
);

grant select, insert on access_record to tanggap_app;
grant select, insert on access_alarm to tanggap_app;
grant update (subjects) on access_alarm to tanggap_app;

-- +goose Down
drop table access_alarm, access_record;
drop index intake_row_case;

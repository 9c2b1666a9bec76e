-- Reports are of any period, by month, officer, employer and sector, and count claims by their state and what was paid.
-- What a case adds says so; figures are kept by month instead of by year. All is counted anew, in the background.

-- +goose Up
drop table counted, rollup;
create table counted (
    case_id       uuid primary key,
    region        text collate "C" not null,
    terminated_on date not null,
    officer_id    uuid,
    layoff_id     uuid,
    stage         text,
    outcome       text,
    claim         text not null,
    paid          bigint not null,
    steps         text not null,
    days          int,
    placed        boolean not null,
    trainings     text[] not null,
    providers     text[] not null
);
comment on table counted is 'what of a case stands in rollup; written by the counting only';
comment on column counted.steps is 'the digits of the steps of the funnel that the worker came to';
create index counted_period on counted (region, terminated_on);
create table rollup (
    measure text not null,
    region  text collate "C" not null,
    month   date not null,
    item    text not null,
    n       bigint not null,
    total   bigint not null default 0,
    primary key (measure, region, month, item)
);
comment on column rollup.month is 'of the PHK, by its first day';
comment on column rollup.total is 'days, or rupiah';

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['counted', 'rollup'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
        execute format($p$create policy scope on %I to tanggap_app using (
            region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
            and ((select current_setting('tanggap.only', true)) = ''
                or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$, t);
        execute format('grant select, insert, update, delete on %I to tanggap_app', t);
    end loop;
end $$;
-- +goose StatementEnd
update rollup_state set log_size = -1, counted_at = null, reached = null, cases = 0;

-- A list of cases by the day of the PHK, which reports count by.
create index cases_terminated on cases (region, terminated_on, id);

-- +goose Down
drop index cases_terminated;
drop table counted, rollup;
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
create table rollup (
    region  text collate "C" not null,
    year    int not null,
    measure text not null,
    item    text not null,
    n       bigint not null,
    total   bigint not null default 0,
    primary key (region, measure, year, item)
);
-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['counted', 'rollup'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
        execute format($p$create policy scope on %I to tanggap_app using (
            region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
            and ((select current_setting('tanggap.only', true)) = ''
                or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$, t);
        execute format('grant select, insert, update, delete on %I to tanggap_app', t);
    end loop;
end $$;
-- +goose StatementEnd
update rollup_state set log_size = -1, counted_at = null, reached = null, cases = 0;

-- The procedure of a layoff: what happened on which day, the measures tried before it, and its own chained history. And
-- what a worker answered to the termination.

-- +goose Up
alter table layoff
    add column state text not null default 'reported'
        check (state in ('reported', 'notified', 'negotiating', 'agreed', 'disputed', 'decided', 'terminated', 'withdrawn')),
    add column jobs_saved int not null default 0 check (jobs_saved >= 0),
    add column measures jsonb not null default '{}',
    add column happened jsonb not null default '[]',
    add column due_on date,
    add column due_for text,
    add column head bytea check (octet_length(head) = 32),
    add column updated_at timestamptz,
    add constraint layoff_due_named check ((due_on is null) = (due_for is null));
create index layoff_due on layoff (region, due_on) where due_on is not null;

create table layoff_history (
    layoff_id   uuid not null,
    seq         int not null check (seq > 0),
    region      text collate "C" not null,
    kind        text not null,
    actor       uuid not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    payload     text not null,
    prev_hash   bytea not null check (octet_length(prev_hash) = 32),
    hash        bytea not null check (octet_length(hash) = 32),
    primary key (layoff_id, seq)
);
alter table layoff_history enable row level security, force row level security;
create policy owner on layoff_history to tanggap_owner using (true);
create policy scope on layoff_history to tanggap_app using (
    region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));

-- Layoffs reported before they had a history begin one with their report.
insert into layoff_history (layoff_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
    select l.id, 1, l.region, 'layoff.reported', l.reported_by, l.created_at::date, l.created_at, '{}', decode(repeat('00', 32), 'hex'),
        history_hash(decode(repeat('00', 32), 'hex'), l.id, 1, 'layoff.reported', l.reported_by, l.created_at::date, l.created_at, '{}')
    from layoff l;
update layoff l set version = 1, head = h.hash, updated_at = l.created_at from layoff_history h where h.layoff_id = l.id;
alter table layoff alter column head set not null, alter column updated_at set not null,
    add constraint layoff_history_head foreign key (id, version) references layoff_history (layoff_id, seq) deferrable initially deferred;

create trigger layoff_immutable before update on layoff for each row
    when (new.version <> old.version + 1 or new.updated_at <= old.updated_at or new.id <> old.id
        or new.employer_id <> old.employer_id or old.state = 'withdrawn')
    execute function refuse('layoff_immutable');
create trigger layoff_history_append_only before update or delete on layoff_history for each row
    execute function refuse('layoff_history_append_only');
create trigger layoff_history_no_truncate before truncate on layoff_history for each statement
    execute function refuse('layoff_history_append_only');

-- A layoff that was withdrawn opens no case, wherever the worker lives: the owner looks, for the caller may not see it.
-- +goose StatementBegin
create function layoff_stands() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from layoff l where l.id = new.layoff_id and l.state = 'withdrawn') then
        raise exception 'layoff_withdrawn' using errcode = 'TG001', constraint = 'layoff_withdrawn', table = 'cases';
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger cases_layoff_stands before insert on cases for each row when (new.layoff_id is not null) execute function layoff_stands();

create table response (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    state       text not null check (state in ('accepted', 'refused', 'disputed', 'agreed', 'decided')),
    responded_on date not null,
    document    text not null default '',
    constraint response_case foreign key (region, case_id) references cases (region, id) on update cascade
);
create index response_of_case on response (case_id);
alter table response enable row level security, force row level security;
create policy owner on response to tanggap_owner using (true);
create policy scope on response to tanggap_app using (
    region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true)
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));

grant select, insert on layoff_history, response to tanggap_app;
grant update (state, jobs_saved, measures, happened, due_on, due_for, head, updated_at) on layoff to tanggap_app;

-- +goose Down
drop table response;
drop trigger cases_layoff_stands on cases;
drop function layoff_stands;
drop trigger layoff_immutable on layoff;
alter table layoff drop constraint layoff_history_head;
drop table layoff_history;
alter table layoff drop column state, drop column jobs_saved, drop column measures, drop column happened, drop column due_on,
    drop column due_for, drop column head, drop column updated_at;

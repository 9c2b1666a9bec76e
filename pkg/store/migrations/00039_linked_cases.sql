-- Cases of one person who was registered twice: a link between the cases, which can be taken back. Each of the two has a row,
-- so that it belongs to its state.

-- +goose Up
create table linked_case (
    case_id     uuid not null,
    region      text collate "C" not null,
    other_id    uuid not null references cases (id),
    since       date not null,
    closed_from text,
    primary key (case_id, other_id),
    constraint linked_case_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint linked_case_other check (other_id <> case_id)
);
comment on column linked_case.closed_from is 'where the case stood when the link closed it as a duplicate';
create index linked_case_other_id on linked_case (other_id);
alter table linked_case enable row level security, force row level security;
create policy scope on linked_case to tanggap_app using (
    region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));
create policy owner on linked_case to tanggap_owner using (true);
grant select, delete on linked_case to tanggap_app;

-- All records of the worker's person, this one too, wherever their cases are: nothing in them says where.
-- +goose StatementBegin
create function same_person(of uuid) returns setof uuid language sql stable security definer
    set search_path = public, pg_temp as $$
    with recursive record (id) as (
        select of
        union
        select k.worker_id from record r join cases c on c.worker_id = r.id
            join linked_case l on l.case_id = c.id join cases k on k.id = l.other_id
    )
    select id from record
$$;

-- Links two cases of the caller, the first of which was closed by that or not, and tells whether their person has one
-- open case at most. Whoever opens a case of one of them waits until this is done, or is seen here.
create function link_cases(one uuid, other uuid, since date, closed_from text) returns boolean
    language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare w uuid[];
begin
    select array_agg(c.worker_id) into w from cases c where c.id in (one, other) and in_scope(c.region);
    perform from worker k where k.id in (select same_person(w[1]) union select same_person(w[2])) order by k.id for update;
    insert into linked_case (case_id, region, other_id, since, closed_from)
        select c.id, c.region, case when c.id = one then other else one end, since, case when c.id = one then closed_from end
        from cases c where c.id in (one, other);
    return (select count(*) from cases c where c.worker_id in (select same_person(w[1])) and c.closed_on is null) <= 1;
end $$;

-- A person has one open case, whichever of their records it is of.
create function one_open_of_person() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from worker k where k.id = new.worker_id for key share;
    if exists (select from cases k join linked_case l on l.case_id = k.id where k.worker_id = new.worker_id)
        and exists (select from cases k where k.worker_id in (select same_person(new.worker_id)) and k.closed_on is null
            and k.id <> new.id) then
        raise exception 'cases_one_open' using errcode = 'TG001', constraint = 'cases_one_open', table = 'cases';
    end if;
    return null;
end $$;

create or replace function register_workers(ids uuid[], hashes bytea[], wrapped bytea[])
    returns table (n int, worker_id uuid, data_key bytea, open_case boolean)
    language plpgsql volatile security definer set search_path = public, pg_temp
as $$
begin
    insert into worker (id, nik_hash, data_key)
        select distinct on (g.hash) g.id, g.hash, g.wrapped
        from unnest(ids, hashes, wrapped) as g (id, hash, wrapped) order by g.hash
        on conflict (nik_hash) do nothing;
    return query
        select g.n::int, w.id, w.data_key,
               exists (select from cases c where c.worker_id = w.id and c.closed_on is null)
               or exists (select from cases c join linked_case l on l.case_id = c.id where c.worker_id = w.id)
                  and exists (select from cases c where c.worker_id in (select same_person(w.id)) and c.closed_on is null)
        from unnest(hashes) with ordinality as g (hash, n) join worker w on w.nik_hash = g.hash order by g.n;
end $$;
-- +goose StatementEnd
create trigger one_open_of_person after insert on cases for each row execute function one_open_of_person();
create trigger one_open_again after update of closed_on on cases for each row
    when (old.closed_on is not null and new.closed_on is null) execute function one_open_of_person();
revoke execute on function same_person, link_cases, one_open_of_person from public;
grant execute on function same_person, link_cases to tanggap_app;

-- +goose Down
-- +goose StatementBegin
create or replace function register_workers(ids uuid[], hashes bytea[], wrapped bytea[])
    returns table (n int, worker_id uuid, data_key bytea, open_case boolean)
    language plpgsql volatile security definer set search_path = public, pg_temp
as $$
begin
    insert into worker (id, nik_hash, data_key)
        select distinct on (g.hash) g.id, g.hash, g.wrapped
        from unnest(ids, hashes, wrapped) as g (id, hash, wrapped) order by g.hash
        on conflict (nik_hash) do nothing;
    return query
        select g.n::int, w.id, w.data_key,
               exists (select from cases c where c.worker_id = w.id and c.closed_on is null)
        from unnest(hashes) with ordinality as g (hash, n) join worker w on w.nik_hash = g.hash order by g.n;
end $$;
-- +goose StatementEnd
drop trigger one_open_again on cases;
drop trigger one_open_of_person on cases;
drop function one_open_of_person, link_cases, same_person;
drop table linked_case;

-- Facts of a case and of its worker can be put right, and people who are likely the same are found.

-- +goose Up
-- Keyed hashes of the phone number and of the number at BPJS Ketenagakerjaan, by which the same ones are found.
alter table case_worker add column phone_hash bytea, add column kpj_hash bytea;
create index case_worker_phone on case_worker (phone_hash) where phone_hash is not null;
create index case_worker_kpj on case_worker (kpj_hash) where kpj_hash is not null;
create index case_worker_born on case_worker (birth_date, name_key) where birth_date is not null;

-- A case may go over to another record of a worker, when the record is found to be somebody else's. Nothing moves it
-- without an entry that says so.
drop trigger cases_immutable on cases;
create trigger cases_immutable before update on cases for each row
    when (new.version <> old.version + 1 or new.updated_at <= old.updated_at or new.id <> old.id
        or new.opened_on <> old.opened_on)
    execute function refuse('cases_immutable');
-- +goose StatementBegin
create function worker_moves() returns trigger language plpgsql as $$
begin
    if not exists (select from case_history h where h.case_id = new.id and h.seq = new.version
        and h.kind like 'worker.%') then
        raise exception 'cases_worker' using errcode = 'TG001', constraint = 'cases_worker', table = 'cases';
    end if;
    return null;
end $$;

-- Gives the case of a worker whose NIK is put right the record of that NIK: the worker's own under another hash when it
-- has no other case, or else a fresh one, with the same key. The record of another worker is never taken: it is only
-- named. Only its owner may look, because the worker's other cases may be anywhere.
create function correct_nik(of uuid, fresh uuid, hash bytea, wrapped bytea) returns table (worker_id uuid, taken boolean)
    language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare w uuid; other uuid;
begin
    select c.worker_id into strict w from cases c where c.id = of and in_scope(c.region);
    perform from worker k where k.id = w for update;
    select k.id into other from worker k where k.nik_hash = hash and k.id <> w;
    if other is not null then
        return query select other, true;
    elsif (select count(*) from cases c where c.worker_id = w) = 1 then
        update worker k set nik_hash = hash where k.id = w;
        return query select w, false;
    else
        insert into worker (id, nik_hash, data_key) values (fresh, hash, wrapped);
        return query select fresh, false;
    end if;
end $$;

-- With the key of a worker their hashes go.
create function erase_contacts() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update case_worker set phone_hash = null, kpj_hash = null
        where case_id in (select c.id from cases c where c.worker_id = new.id);
    return null;
end $$;
-- +goose StatementEnd
create constraint trigger cases_worker after update of worker_id on cases deferrable initially deferred for each row
    when (old.worker_id <> new.worker_id) execute function worker_moves();
create trigger cases_layoff_still_stands before update of layoff_id on cases for each row
    when (new.layoff_id is not null and new.layoff_id is distinct from old.layoff_id) execute function layoff_stands();
create trigger worker_contacts_erased after update of data_key on worker for each row
    when (old.data_key is not null and new.data_key is null) execute function erase_contacts();
-- A layoff that was withdrawn stays so, and its numbers, whatever is put right of its employer.
drop trigger layoff_immutable on layoff;
create trigger layoff_immutable before update on layoff for each row
    when (new.version <> old.version + 1 or new.updated_at <= old.updated_at or new.id <> old.id
        or new.employer_id <> old.employer_id or (old.state = 'withdrawn' and (new.state <> old.state
            or new.people_planned is distinct from old.people_planned or new.happened <> old.happened)))
    execute function refuse('layoff_immutable');
revoke execute on function worker_moves, correct_nik, erase_contacts from public;
grant execute on function correct_nik to tanggap_app;
grant update (terminated_on, worker_id, layoff_id) on cases to tanggap_app;
grant update (nik_hash, nik_tail, phone_hash, kpj_hash) on case_worker to tanggap_app;
grant update (reference) on layoff to tanggap_app;
grant update (name, name_key, nib, kbli, kbli_edition) on employer to tanggap_app;

-- +goose Down
revoke update (name, name_key, nib, kbli, kbli_edition) on employer from tanggap_app;
revoke update (reference) on layoff from tanggap_app;
revoke update (nik_hash, nik_tail, phone_hash, kpj_hash) on case_worker from tanggap_app;
revoke update (terminated_on, worker_id, layoff_id) on cases from tanggap_app;
drop trigger layoff_immutable on layoff;
create trigger layoff_immutable before update on layoff for each row
    when (new.version <> old.version + 1 or new.updated_at <= old.updated_at or new.id <> old.id
        or new.employer_id <> old.employer_id or old.state = 'withdrawn')
    execute function refuse('layoff_immutable');
drop trigger worker_contacts_erased on worker;
drop trigger cases_worker on cases;
drop trigger cases_layoff_still_stands on cases;
drop function worker_moves, correct_nik, erase_contacts;
drop trigger cases_immutable on cases;
create trigger cases_immutable before update on cases for each row
    when (new.version <> old.version + 1 or new.updated_at <= old.updated_at or new.id <> old.id
        or new.worker_id <> old.worker_id or new.opened_on <> old.opened_on)
    execute function refuse('cases_immutable');
alter table case_worker drop column phone_hash, drop column kpj_hash;
drop index case_worker_born;

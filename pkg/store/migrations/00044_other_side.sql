-- What binds a case although it lies outside of it: the claims of the same person in other cases, and the places of a
-- vacancy. What an office is told that is asked for a service or a case. Every void that waits for a second officer.

-- +goose Up
-- The claims of the case's person in other cases: those that are live, and each month that was paid or is still owed.
-- Nothing in them says in which case, or where.
-- +goose StatementBegin
create function claims_elsewhere(of uuid) returns table (claim_id uuid, terminated_on date, state text, n int, given_on date,
        amount bigint) language sql stable security definer set search_path = public, pg_temp as $$
    select k.id, c.terminated_on, k.state, coalesce(m.n, 0), m.given_on, coalesce(m.amount, 0)
    from cases own cross join lateral same_person(own.worker_id) p (id) join cases c on c.worker_id = p.id and c.id <> own.id
        join claim k on k.case_id = c.id
        left join claim_month m on m.claim_id = k.id and m.state in ('paid', 'proved')
    where own.id = of and in_scope(own.region) and (m.n is not null or k.state in ('applied', 'running'))
    order by c.terminated_on, k.id, m.n
$$;

-- Whoever decides on or pays a claim of a person waits for whoever else does, in whichever case.
create function lock_person(of uuid) returns void language plpgsql volatile security definer
    set search_path = public, pg_temp as $$
begin
    perform from worker w where w.id in (select same_person(c.worker_id) from cases c where c.id = of and in_scope(c.region))
        order by w.id for no key update;
end $$;
-- +goose StatementEnd
revoke execute on function claims_elsewhere, lock_person from public;
grant execute on function claims_elsewhere, lock_person to tanggap_app;

-- A vacancy is proposed and applied for while it is open, by its last day, and while one of its places is free. A place is
-- taken by who is hired: whoever comes at the same time waits at the vacancy, and is counted.
-- +goose StatementBegin
create function vacancy_takes() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v vacancy%rowtype;
    used date := (to_jsonb(new) ->> tg_argv[0])::date;
    fresh boolean := tg_op = 'INSERT';
begin
    select * into v from vacancy where id = new.vacancy_id for no key update;
    if not found then
        return null; -- for the foreign key
    end if;
    if not fresh then
        fresh := old.vacancy_id is distinct from new.vacancy_id;
    end if;
    if fresh and v.state <> 'open' then
        raise exception 'vacancy_not_open' using errcode = 'TG001', constraint = 'vacancy_not_open', table = 'vacancy';
    elsif fresh and used > v.expires_on then
        raise exception 'vacancy_over' using errcode = 'TG001', constraint = 'vacancy_over', table = 'vacancy';
    elsif (select count(*) from application a where a.vacancy_id = v.id and a.state = 'hired' and a.id <> new.id) >= v.openings then
        raise exception 'vacancy_full' using errcode = 'TG001', constraint = 'vacancy_full', table = 'vacancy';
    end if;
    return null;
end $$;
-- +goose StatementEnd
revoke execute on function vacancy_takes from public;
create trigger vacancy_applied after insert on application for each row when (new.vacancy_id is not null)
    execute function vacancy_takes('applied_on');
create trigger vacancy_filled after update of state, vacancy_id on application for each row
    when (new.vacancy_id is not null and (new.vacancy_id is distinct from old.vacancy_id
        or new.state = 'hired' and old.state <> 'hired'))
    execute function vacancy_takes('applied_on');
create trigger vacancy_proposed after insert on proposal for each row when (new.vacancy_id is not null)
    execute function vacancy_takes('proposed_on');

-- Why another office is asked, and what the worker said to it.
alter table referral add column reason text not null default ''
        constraint referral_reason check (reason = '' or reason in ('not_offered', 'full', 'moved', 'closer', 'language', 'other')),
    add column message text not null default '',
    add column consent_on date,
    add column consent_how text not null default ''
        constraint referral_consent_how check (consent_how = '' or consent_how in ('written', 'spoken', 'electronic')),
    add constraint referral_consent check ((consent_on is null) = (consent_how = ''));
comment on column referral.message is 'for the office asked; it may speak of the worker';
grant update (reason, message, consent_on, consent_how) on referral to tanggap_app;

-- What the office asked is told of the worker: while it decides only with their consent, and while it gives the service.
-- +goose StatementBegin
create function referred(of uuid) returns table (name text, stage text) language sql stable security definer
    set search_path = public, pg_temp as $$
    select w.name, c.stage from referral r join case_worker w on w.case_id = r.case_id join cases c on c.id = r.case_id
    where r.id = of and in_scope(r.to_region)
        and (r.kind = 'service' and r.state = 'accepted' or r.state = 'offered' and r.consent_on is not null)
$$;
create function erase_referrals() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update referral set message = '' where message <> '' and case_id in (select id from cases where worker_id = new.id);
    return null;
end $$;
-- +goose StatementEnd
create trigger worker_referrals_erased after update of data_key on worker for each row
    when (old.data_key is not null and new.data_key is null) execute function erase_referrals();
revoke execute on function referred, erase_referrals from public;
grant execute on function referred to tanggap_app;

create index case_history_void_asked on case_history (case_id, seq) where kind = 'entry.void_asked';
create index vacancy_reported on vacancy (region) where state = 'reported';

-- +goose Down
drop index vacancy_reported, case_history_void_asked;
drop trigger worker_referrals_erased on worker;
drop function erase_referrals, referred;
alter table referral drop column reason, drop column message, drop column consent_on, drop column consent_how;
drop trigger vacancy_proposed on proposal;
drop trigger vacancy_filled on application;
drop trigger vacancy_applied on application;
drop function vacancy_takes, lock_person, claims_elsewhere;

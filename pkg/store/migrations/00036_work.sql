-- Every day of a case, and everything that waits for somebody, is a row of its own in the lists of work: a deadline and a
-- follow-up no longer share one place. Cases that nobody works on are found, by the office and by who had them.

-- +goose Up
drop index cases_next, cases_next_everywhere; -- next_on itself stays: seals of states have it among their columns
create index cases_due on cases (region, due_on, id) include (stage, due_for) where due_on is not null;
create index cases_due_everywhere on cases (due_on, id) where due_on is not null;
create index cases_follow_ups on cases (region, follow_up_on, id) include (stage, due_on) where follow_up_on is not null;
create index cases_follow_ups_everywhere on cases (follow_up_on, id) where follow_up_on is not null;
comment on column cases.next_on is 'the earlier of due_on and follow_up_on; nothing reads it any more';
create index cases_in_charge on cases (region, officer_id, id) where closed_on is null;

create index claim_waiting on claim (region, applied_on, case_id) where state = 'applied';
create index claim_month_ahead on claim_month (region, closes_on, case_id) where state = 'upcoming';
create index claim_month_payable on claim_month (region, case_id) where state = 'proved' or n = 1 and state = 'upcoming';
create index erasure_waiting on erasure (region) where state = 'requested';

-- A duplicate names the case that it doubles, wherever that is.
alter table cases add column duplicate_of uuid constraint cases_duplicate_of references cases (id),
    add constraint cases_duplicate check (duplicate_of is null or outcome = 'duplicate' and duplicate_of <> id);
grant update (duplicate_of) on cases to tanggap_app;

-- The case of an erased worker stays closed, and a worker with an open case is not erased, also when both are asked at
-- once: each looks at what the other has locked.
-- +goose StatementBegin
create function case_needs_worker() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from worker where id = new.worker_id and data_key is not null for share;
    if not found then
        raise exception 'cases_worker_erased' using errcode = 'TG001', constraint = 'cases_worker_erased', table = 'cases';
    end if;
    return null;
end $$;
create function erased_rest() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from cases where worker_id = new.id and closed_on is null) then
        raise exception 'erasure_obstacle' using errcode = 'TG001', constraint = 'erasure_obstacle', table = 'worker';
    end if;
    return null;
end $$;
-- +goose StatementEnd
create trigger cases_worker_erased after update of closed_on on cases for each row
    when (old.closed_on is not null and new.closed_on is null) execute function case_needs_worker();
create trigger worker_rests after update of data_key on worker for each row
    when (old.data_key is not null and new.data_key is null) execute function erased_rest();
revoke execute on function case_needs_worker, erased_rest from public;

-- +goose Down
drop trigger cases_worker_erased on cases;
drop trigger worker_rests on worker;
drop function case_needs_worker, erased_rest;
alter table cases drop column duplicate_of;
drop index claim_waiting, claim_month_ahead, claim_month_payable, erasure_waiting;
drop index cases_due, cases_due_everywhere, cases_follow_ups, cases_follow_ups_everywhere, cases_in_charge;
comment on column cases.next_on is 'the earlier of due_on and follow_up_on: what work lists are ordered and cut by';
create index cases_next on cases (region, next_on, id) include (stage, due_on, due_for) where next_on is not null;
create index cases_next_everywhere on cases (next_on, id) where next_on is not null;

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

-- +goose Down
drop function lock_person, claims_elsewhere;

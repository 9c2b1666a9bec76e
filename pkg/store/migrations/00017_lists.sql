-- What lists, counts and searches walk, so that their cost follows what the caller may see and asks for, not the nation.

-- +goose Up
-- Cases that were updated since an instant, and what is counted of the cases of an office by their stage or termination.
create index cases_updated on cases (region, updated_at) include (id, stage, terminated_on, outcome, claim_state);

-- The next days of cases are counted, by stage and by what they are for, without the cases themselves.
drop index cases_next;
create index cases_next on cases (region, next_on, id) include (stage, due_on, due_for) where next_on is not null;

-- The cases of a layoff are counted for an office by the index alone.
drop index cases_layoff;
create index cases_layoff on cases (layoff_id, region, id);

-- Retention asks for closed cases by the day on which they were closed.
create index cases_closed on cases (region, closed_on, id) where closed_on is not null;

-- Vacancies are listed from the newest on: of a fair, in a state, of an occupation.
drop index vacancy_fair;
create index vacancy_fair on vacancy (fair_id, id) where fair_id is not null;
create index vacancy_state on vacancy (state, id);
create index vacancy_occupation on vacancy (occupation, id);

-- Officers are listed by their office, and shown with every grant that they ever had.
create index officer_of_office on officer (office, id);
create index officer_grant_of on officer_grant (officer_id);

-- The first record of access at or after an instant, found by halving: the ids follow the time, but for what was written at
-- once. Without it a list of a day that is long past would be walked from today on.
-- +goose StatementBegin
create function access_from(instant timestamptz) returns bigint language plpgsql stable set search_path = public,
    pg_temp as $$
declare
    low bigint; high bigint; met record;
begin
    select min(r.id), max(r.id) + 1 into low, high from access_record r;
    while low < high loop
        select r.id, r.at into met from access_record r where r.id >= (low + high) / 2 order by r.id limit 1;
        if met.at >= instant then
            high := (low + high) / 2;
        else
            low := met.id + 1;
        end if;
    end loop;
    return low;
end $$;
-- +goose StatementEnd

-- Finds names. Names are folded by the program (store.NameKey) and compared by trigrams, of which row security would let no
-- index be used: the function applies the range of the transaction itself, and never one from its arguments.
--
-- A small office is walked, because the posting lists of a trigram are those of the nation and merging them takes as long for
-- one regency as for all. A name that is common is soon met among the newest persons. Only then the index is asked: for those
-- who fit (nearly) fully, and, when those fill no page, for those who fit half. Of these there may be very many, and no more
-- are looked at than can be in time. A regency is looked for in the index; of anything larger the lists are longer than the
-- names are.
-- The comparison comes first: it loads the library, without which its parameter is not ours to set.
select word_similarity('', '');
-- +goose StatementBegin
create function persons_like(wanted text, threshold real, office text, examined int) returns table (id uuid,
    region text, likeness real)
    language plpgsql stable security definer set search_path = public,
        pg_temp set pg_trgm.word_similarity_threshold = 0.5
as $$
begin
    perform set_config('pg_trgm.word_similarity_threshold', threshold::text, true);
    if office is null then
        return query select w.case_id, w.region, word_similarity(wanted, w.name_key) from case_worker w
            where wanted <% w.name_key limit examined;
    else
        return query select w.case_id, w.region, word_similarity(wanted, w.name_key) from case_worker w
            where w.region = office and wanted <% w.name_key limit examined;
    end if;
end $$;

create or replace function search_name(wanted text, most int) returns table (case_id uuid, score real)
    language plpgsql stable rows 50 security definer set search_path = public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.5
as $$
declare
    lo constant text := current_setting('tanggap.lo', true);
    hi constant text := current_setting('tanggap.hi', true);
    exact constant text[] := string_to_array(nullif(current_setting('tanggap.only', true), ''), ',');
    office constant text := case when exact is null and length(lo) = 4 then lo end;
    found uuid[];
    scores real[];
begin
    most := least(most, 200);
    if not exists (select from cases c where c.region >= lo and c.region < hi offset 10000) then
        return query select w.case_id, word_similarity(wanted, w.name_key) as likeness
            from cases c cross join lateral (select p.case_id, p.name_key from case_worker p
                where p.case_id = c.id limit 1) w
            where c.region >= lo and c.region < hi and (exact is null or c.region = any (exact))
                and wanted <% w.name_key
            order by likeness desc, w.case_id desc limit most;
        return;
    end if;
    select array_agg(f.id), array_agg(1::real) into found, scores from (
        select w.case_id as id from (select p.case_id, p.region, p.name_key from case_worker p
            order by p.case_id desc limit 10000) w
        where w.region >= lo and w.region < hi and (exact is null or w.region = any (exact))
            and word_similarity(wanted, w.name_key) = 1
        order by w.case_id desc limit most) f;
    if cardinality(found) is distinct from most then
        select array_agg(f.id), array_agg(f.likeness) into found, scores from (
            select p.id, p.likeness from persons_like(wanted, 0.9, office, 20000) p
            where p.region >= lo and p.region < hi and (exact is null or p.region = any (exact))
                order by p.likeness desc, p.id desc limit most) f;
    end if;
    return query select f.id, f.score from unnest(found, scores) f (id, score);
    if cardinality(found) is distinct from most then
        return query select p.id, p.likeness from persons_like(wanted, 0.5, office, 5000) p
            where p.region >= lo and p.region < hi and (exact is null or p.region = any (exact)) and p.likeness < 0.9
            order by p.likeness desc, p.id desc limit most - coalesce(cardinality(found), 0);
    end if;
end $$;
-- +goose StatementEnd
revoke execute on function persons_like from public;

-- +goose Down
drop index officer_of_office, officer_grant_of, cases_updated, cases_closed, vacancy_state, vacancy_occupation,
    vacancy_fair, cases_next, cases_layoff;
create index cases_layoff on cases (layoff_id, id);
create index vacancy_fair on vacancy (fair_id) where fair_id is not null;
create index cases_next on cases (region, next_on, id) where next_on is not null;
select word_similarity('', '');
-- +goose StatementBegin
create or replace function search_name(wanted text, most int) returns table (case_id uuid, score real)
    language sql stable security definer set search_path = public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.5
as $$
    with hit as materialized (
        select w.case_id, word_similarity(wanted, w.name_key) as score from case_worker w
        where w.region >= current_setting('tanggap.lo', true) and w.region < current_setting('tanggap.hi', true)
          and wanted <% w.name_key
    )
    select h.case_id, h.score from hit h join case_worker w on w.case_id = h.case_id
    where current_setting('tanggap.only',
        true) = '' or w.region = any (string_to_array(current_setting('tanggap.only', true), ','))
    order by h.score desc, h.case_id desc limit least(most, 200)
$$;
-- +goose StatementEnd
drop function persons_like, access_from;

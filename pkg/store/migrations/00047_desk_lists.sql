-- Lists of cases in the orders that the work needs, and searches by what people have at hand.

-- +goose Up
-- The orders of a list, in the index that each walks office by office. Cases without a day come last.
create index cases_next on cases (region, coalesce(next_on, 'infinity'::date), id);
create index cases_opened on cases (region, opened_on, id);
create index case_worker_named on case_worker (region, name_key, case_id);

-- E-mail addresses and accounts are found like phone numbers, by a keyed hash.
alter table case_worker add column email_hash bytea, add column account_hash bytea;
create index case_worker_email on case_worker (email_hash) where email_hash is not null;
create index case_worker_account on case_worker (account_hash) where account_hash is not null;
grant update (email_hash, account_hash) on case_worker to tanggap_app;

-- The comparison loads the library, without which its parameter is not ours to set.
select word_similarity('', '');
-- +goose StatementBegin
create or replace function erase_contacts() returns trigger language plpgsql security definer set search_path = public,
    pg_temp as $$
begin
    update case_worker set phone_hash = null, kpj_hash = null, email_hash = null, account_hash = null
        where case_id in (select c.id from cases c where c.worker_id = new.id);
    return null;
end $$;

-- Persons whose name is like one of some spellings, each with its best likeness; see persons_like.
create function persons_named(wanted text[], threshold real, office text, examined int) returns table (id uuid,
    region text, likeness real)
    language plpgsql stable security definer set search_path = public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.5
as $$
declare spelling text;
begin
    foreach spelling in array wanted loop
        return query select * from persons_like(spelling, threshold, office, examined);
    end loop;
end $$;

-- search_name for a name in several spellings, page by page: below and before are the likeness and the case of the last row
-- of the page before, and firm is a part of the employer's name. The ways it takes are those of search_name.
create function search_names(wanted text[], most int, below real, before uuid, firm text) returns table (case_id uuid,
    score real)
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
    most := least(most, 201);
    if not exists (select from cases c where c.region >= lo and c.region < hi offset 10000) then
        return query select w.case_id, l.likeness from cases c
            cross join lateral (select p.case_id, p.name_key, p.employer from case_worker p where p.case_id = c.id limit 1) w
            cross join lateral (select max(word_similarity(s, w.name_key)) as likeness from unnest(wanted) s) l
            where c.region >= lo and c.region < hi and (exact is null or c.region = any (exact)) and l.likeness >= 0.5
                and (below is null or (l.likeness, w.case_id) < (below, before))
                and (firm = '' or strpos(lower(w.employer), lower(firm)) > 0)
            order by l.likeness desc, w.case_id desc limit most;
        return;
    end if;
    if below is null or below = 1 then
        select array_agg(f.id), array_agg(1::real) into found, scores from (
            select w.case_id as id from (select p.case_id, p.region, p.name_key, p.employer from case_worker p
                order by p.case_id desc limit 10000) w
            where w.region >= lo and w.region < hi and (exact is null or w.region = any (exact))
                and (below is null or w.case_id < before)
                and exists (select from unnest(wanted) s where word_similarity(s, w.name_key) = 1)
                and (firm = '' or strpos(lower(w.employer), lower(firm)) > 0)
            order by w.case_id desc limit most) f;
    end if;
    if cardinality(found) is distinct from most and (below is null or below >= 0.9) then
        select array_agg(f.id), array_agg(f.likeness) into found, scores from (
            select p.id, max(p.likeness) as likeness from persons_named(wanted, 0.9, office, 20000) p
            where p.region >= lo and p.region < hi and (exact is null or p.region = any (exact))
                and (firm = '' or exists (select from case_worker w where w.case_id = p.id
                    and strpos(lower(w.employer), lower(firm)) > 0))
            group by p.id having below is null or (max(p.likeness), p.id) < (below, before)
            order by max(p.likeness) desc, p.id desc limit most) f;
    end if;
    return query select f.id, f.score from unnest(found, scores) f (id, score);
    if cardinality(found) is distinct from most then
        return query select p.id, max(p.likeness) from persons_named(wanted, 0.5, office, 5000) p
            where p.region >= lo and p.region < hi and (exact is null or p.region = any (exact))
                and (firm = '' or exists (select from case_worker w where w.case_id = p.id
                    and strpos(lower(w.employer), lower(firm)) > 0))
            group by p.id having max(p.likeness) < 0.9 and (below is null or (max(p.likeness), p.id) < (below, before))
            order by max(p.likeness) desc, p.id desc limit most - coalesce(cardinality(found), 0);
    end if;
end $$;
-- +goose StatementEnd
revoke execute on function persons_named, search_names from public;
grant execute on function search_names to tanggap_app;

-- +goose Down
drop function search_names, persons_named;
-- +goose StatementBegin
create or replace function erase_contacts() returns trigger language plpgsql security definer set search_path = public,
    pg_temp as $$
begin
    update case_worker set phone_hash = null, kpj_hash = null
        where case_id in (select c.id from cases c where c.worker_id = new.id);
    return null;
end $$;
-- +goose StatementEnd
alter table case_worker drop column email_hash, drop column account_hash;
drop index case_worker_named, cases_opened, cases_next;

-- What an office has beside its cases, derived from the cases by pg_temp.draw: a part after every "load:" line, each in a
-- transaction of its own. :cases is the number of cases, :today the day of the load.

-- load: claims
insert into claim (id, case_id, region, state, applied_on, decided_on, reference_on, programme, facts, stop_reason,
    stopped_on)
    select pg_temp.child(c.id, 1), c.id, c.region, c.claim_state, c.opened_on, case
        when c.claim_state <> 'applied' then c.opened_on + 12 end,
        case when c.claim_state in ('running', 'completed', 'stopped') then c.opened_on + 12 end, case
            when c.claim_state <> 'applied' then 'jkp-2025' else '' end,
        '{"citizenship":"wni","contract":"permanent","firm_size":"medium","reason":"EFFICIENCY_LOSS","reported":"yes"}',
        case when c.claim_state = 'stopped' then 'new_job' else '' end, case
            when c.claim_state = 'stopped' then c.opened_on + 70 end
    from cases c where c.claim_state <> 'none';
insert into claim_month (claim_id, n, case_id, region, state, opens_on, closes_on, proved_on, applications, given_on,
    amount, payment_ref)
    select k.id, n, k.case_id, k.region, s.state, k.reference_on + (n - 1) * 30, k.reference_on + n * 30 - 1, case
        when s.state in ('proved', 'paid') then k.reference_on + n * 30 - 5 end, 5,
        case when s.state = 'paid' then k.reference_on + n * 30 end, case when s.state = 'paid' then 1500000 end, ''
    from claim k cross join generate_series(1, 6) n
    cross join lateral (select case when k.state = 'stopped' and n > 2 then 'stopped'
        when k.reference_on + n * 30 > :today then 'upcoming'
        when pg_temp.draw(k.id, n) < 0.1 then 'missed' when pg_temp.draw(k.id, n) < 0.2 then 'proved'
            else 'paid' end as state) s
    where k.reference_on is not null;

-- load: classes
insert into class (id, region, provider, kind, programme, units, scheme, places, taken, starts_on, ends_on, created_by)
    select i.id, r.code, 'BLK ' || r.name, 'public', pg_temp.pick(i.id, 1, array['Las', 'Menjahit', 'Barista',
        'Operator Forklift', 'Web']), 'A.1,B.2', pg_temp.pick(i.id, 2, array['prakerja', 'jkp', 'blk']),
        20, (pg_temp.draw(i.id, 3) * 20)::int, d.day, d.day + 14, o.id
    from generate_series(1, greatest(500, :cases / 200)) n cross join lateral (select :today - 400 + n % 500 as day) d
    cross join lateral (select pg_temp.id_of(2, n, d.day) as id) i
    join (select code, name, row_number() over (order by code) as at from region
        where length(code) = 4) r on r.at = 1 + n % (select count(*) from region where length(code) = 4)
    cross join (select id from officer order by id limit 1) o;

-- load: trainings
insert into training (id, case_id, region, scheme, provider, programme, unit, state, starts_on, ends_on, attendance,
    class_id)
    select pg_temp.child(c.id, 20), c.id, c.region, pg_temp.pick(c.id, 21, array['prakerja', 'jkp', 'blk', 'other']),
        'LPK ' || (pg_temp.draw(c.id, 22) * 200)::int, 'Las', 'A.1',
        case when c.stage = 'training' then 'in_training' else pg_temp.pick(c.id, 23, array['completed', 'completed',
            'completed', 'dropped']) end, c.opened_on + 30, c.opened_on + 44, 90, k.id
    from cases c left join (select id, row_number() over (order by id) as at
        from class) k on k.at = 1 + (pg_temp.draw(c.id, 24) * 2 * (select count(*) from class))::bigint
    where pg_temp.draw(c.id, 25) < 0.3 or c.stage = 'training';
insert into attendance (training_id, held_on, case_id, region, present)
    select t.id, t.starts_on + n, t.case_id, t.region, pg_temp.draw(t.id, n) < 0.9 from training t cross
        join generate_series(0, 4) n where t.starts_on + n < :today;
insert into certificate (id, case_id, region, training_id, kind, number, issuer, issued_on, valid_until)
    select pg_temp.child(t.id, 26), t.case_id, t.region, t.id, 'training', t.id::text, t.provider, t.ends_on,
        t.ends_on + 1095 from training t where t.state = 'completed';
insert into assessment (id, case_id, region, body, scheme, units, state, applied_on, assessed_on, attempts)
    select pg_temp.child(t.id, 27), t.case_id, t.region, 'LSP Contoh', 'SKKNI Las', 'A.1', 'competent', t.ends_on,
        t.ends_on + 10, 1 from training t where t.state = 'completed' and pg_temp.draw(t.id, 28) < 0.2;

-- load: market
insert into job_fair (id, region, name, venue, held_on, created_by)
    select pg_temp.id_of(3, n, :today - 600 + n % 660), r.code, 'Bursa kerja ' || n, 'Gedung Serbaguna',
        :today - 600 + n % 660, o.id
    from generate_series(1, greatest(30, :cases / 1000)) n
    join (select code, row_number() over (order by code) as at from region
        where length(code) = 4) r on r.at = 1 + n % (select count(*) from region where length(code) = 4)
    cross join (select id from officer order by id limit 1) o;
insert into vacancy (id, region, employer, title, occupation, units, wage, openings, posted_on, expires_on, state,
    source, reference, fair_id, reported_by, verified_by)
    select i.id, r.codes[1 + floor(power(pg_temp.draw(i.id, 1),
        1.7) * cardinality(r.codes))::int % cardinality(r.codes)], 'PT ' || (n % 5000), 'Jabatan ' || n,
        (1000 + floor(power(pg_temp.draw(i.id, 2), 1.5) * 425)::int * 21)::text, pg_temp.pick(i.id, 3, array['',
            'A.1', 'A.1,B.2', 'B.2,C.3,D.4', 'E.5']),
        (1500 + power(pg_temp.draw(i.id, 4), 2) * 10000)::int * 1000, 1 + (pg_temp.draw(i.id, 5) * 5)::int, d.day,
            d.day + 45, s.state, 'bench', n::text, f.id, o.id, o.id
    from generate_series(1, :vacancies) n cross
        join lateral (select :today - 399 + (n::float8 / :vacancies * 399)::int as day) d
    cross join lateral (select pg_temp.id_of(4, n, d.day) as id) i
    cross join lateral (select case when d.day + 45 >= :today then pg_temp.pick(i.id, 6, array['open', 'open', 'open',
        'open', 'reported', 'filled']) else pg_temp.pick(i.id, 6, array['filled', 'filled', 'withdrawn',
        'open']) end as state) s
    cross join (select array_agg(code order by left(code, 2) not in ('32', '35', '33', '31', '36'),
        md5(code)) as codes from region where length(code) = 4) r
    left join (select id, row_number() over (order by id) as at from job_fair) f on f.at = case
        when n % 20 = 0 then 1 + (n / 20) % (select count(*) from job_fair) end
    cross join (select id from officer order by id limit 1) o;

-- load: applications
insert into application (id, case_id, region, employer, position, channel, state, applied_on, called_on, vacancy_id)
    select pg_temp.child(c.id, 30 + n), c.id, c.region, 'PT ' || (pg_temp.draw(c.id, 30 + n) * 5000)::int, 'Operator',
        'siapkerja',
        pg_temp.pick(c.id, 32 + n, array['submitted', 'interviewed', 'rejected', 'hired']), c.opened_on + 20 + n,
            c.opened_on + 30 + n, v.id
    from cases c cross join generate_series(0, 1) n
    left join (select id, row_number() over (order by id) as at from vacancy) v on v.at = 1 + (pg_temp.draw(c.id,
        34 + n) * 2 * (select count(*) from vacancy))::bigint
    where c.stage in ('placement', 'closed') and pg_temp.draw(c.id, 36 + n) < 0.5;
insert into placement (id, case_id, region, employer, position, state, started_on, ended_on)
    select pg_temp.child(c.id, 40), c.id, c.region, 'PT ' || (pg_temp.draw(c.id, 41) * 5000)::int, 'Operator',
        s.state, c.opened_on + 60, case when s.state = 'ended' then c.opened_on + 90 end
    from cases c cross join lateral (select case when c.stage = 'placement' then 'reported' else pg_temp.pick(c.id,
        42, array['verified', 'retained_3m', 'retained_3m', 'ended']) end as state) s
    where c.outcome = 'placed' or c.stage = 'placement' and pg_temp.draw(c.id, 43) < 0.3;
insert into response (id, case_id, region, state, responded_on)
    select pg_temp.child(c.id, 44), c.id, c.region, pg_temp.pick(c.id, 45, array['accepted', 'accepted', 'refused',
        'disputed']), c.opened_on from cases c where pg_temp.draw(c.id, 46) < 0.4;

-- load: hubs
insert into prakerja_card (id, case_id, region, batch, state, awarded_on, buy_by, result, version, decision)
    select pg_temp.child(c.id, 50), c.id, c.region, 'Gel. 70', case when c.stage = 'closed' then 'used'
        else 'awarded' end, c.opened_on + 20, c.opened_on + 35, 'eligible', 'prakerja-2025', '{}'
    from cases c where pg_temp.draw(c.id, 51) < 0.05;
insert into business (id, case_id, region, title, kbli, level, state, proposed_on, grants)
    select pg_temp.child(c.id, 52), c.id, c.region, 'Warung', '56102', 'starter', pg_temp.pick(c.id, 53,
        array['proposed', 'coached', 'graduated', 'ended']), c.opened_on + 40, 0
    from cases c where pg_temp.draw(c.id, 54) < 0.02 or c.outcome = 'self_employed';
insert into jobseeker_card (id, case_id, region, number, state, issued_on, valid_until, report_by)
    select pg_temp.child(c.id, 55), c.id, c.region, left(c.id::text, 13), case
        when c.stage = 'closed' then 'closed_hired' else 'active' end, c.opened_on + 3, c.opened_on + 733,
        c.opened_on + 183
    from cases c where pg_temp.draw(c.id, 56) < 0.2;
insert into job_wish (case_id, region, occupation_1, occupation_2, units, wage, reach)
    select c.id, c.region, (1000 + floor(pg_temp.draw(c.id, 57) * 425)::int * 21)::text,
        (1000 + floor(pg_temp.draw(c.id, 58) * 425)::int * 21)::text,
        pg_temp.pick(c.id, 59, array['', 'A.1', 'A.1,B.2', 'C.3']), (2000 + pg_temp.draw(c.id,
            60) * 5000)::int * 1000, pg_temp.pick(c.id, 61, array['province', 'province', 'nation'])
    from cases c where c.stage <> 'closed' and pg_temp.draw(c.id, 62) < :seekers / greatest(:cases * 0.5, 1);
insert into proposal (id, case_id, region, vacancy_id, employer, position, rank, score, state, proposed_on)
    select pg_temp.child(w.case_id, 63), w.case_id, w.region, v.id, v.employer, v.title, 1, 80,
        pg_temp.pick(w.case_id, 64, array['proposed', 'accepted', 'declined']), :today - 3
    from job_wish w join (select id, employer, title, row_number() over (order by id) as at from vacancy
        where state = 'open') v
        on v.at = 1 + (pg_temp.draw(w.case_id, 65) * (select count(*) - 1 from vacancy where state = 'open'))::bigint;
insert into referral (id, case_id, region, kind, from_region, to_region, service, state, offered_on, answer_by,
    answered_on, version)
    select pg_temp.child(c.id, 66), c.id, c.region, 'service', c.region, r.code, 'training', s.state,
        c.opened_on + 20, c.opened_on + 34, case when s.state not in ('offered', 'expired') then c.opened_on + 25 end,
        1
    from cases c join (select code, row_number() over (order by code) as at from region where length(code) = 4) r
        on r.at = 1 + (pg_temp.draw(c.id, 67) * (select count(*) - 1 from region where length(code) = 4))::bigint
            and r.code <> c.region
    cross join lateral (select case when c.opened_on + 34 > :today then 'offered' else pg_temp.pick(c.id, 68,
        array['accepted', 'done', 'declined', 'expired']) end as state) s
    where pg_temp.draw(c.id, 69) < 0.02;

-- load: documents
insert into document (id, case_id, region, kind, received_on, media, size, sha256)
    select pg_temp.child(c.id, 71), c.id, c.region, 'termination_letter', c.opened_on, 'application/pdf', 100000,
        encode(sha256(c.id::text::bytea), 'hex') from cases c where pg_temp.draw(c.id, 72) < 0.1;
insert into linked_case (case_id, region, other_id, since)
    select side.id, side.region, side.other, side.day
    from (select id, region, opened_on, row_number() over (order by id) as at from cases where stage = 'closed') one
    join (select id, region, row_number() over (order by id) as at from cases where stage = 'closed') two
        on two.at = one.at + 1 and one.at % 400 = 1
    cross join lateral (values (one.id, one.region, two.id, one.opened_on), (two.id, two.region, one.id,
        one.opened_on)) side (id, region, other, day);

-- load: tasks
insert into task (case_id, region, kind, part, due_on)
    select p.case_id, p.region, 'placement_retention', p.id, p.started_on + 90 from placement p
        where p.state in ('reported', 'verified')
    union all select k.case_id, k.region, 'certificate_renewal', k.id, k.valid_until from certificate k
    union all select k.case_id, k.region, 'jobseeker_card_report', k.id, k.report_by from jobseeker_card k
        where k.state = 'active'
    union all select k.case_id, k.region, 'prakerja_purchase', k.id, k.buy_by from prakerja_card k
        where k.state = 'awarded'
    union all select p.case_id, p.region, 'proposal_answer', p.id, p.proposed_on + 7 from proposal p
        where p.state = 'proposed'
    union all select r.case_id, r.region, 'referral_answer', r.id, r.answer_by from referral r
        where r.state = 'offered';
insert into reminder (region, told_on, kind, overdue, due)
    select r.code, :today - n, k.kind, 40, 5 from region r cross join generate_series(0, 60) n cross
        join (values ('deadline'), ('month'), ('follow_up'), ('placement_retention')) k (kind)
        where length(r.code) = 4;

-- load: intakes
insert into intake (id, region, officer_id, file_name, file_digest, file_key, file, form, state, rows_total,
    rows_valid, rows_done, cases_opened, created_at, updated_at)
    select pg_temp.id_of(5, n, :today - 900 + (n::float8 / many * 900)::int), r.code, o.id, 'daftar-' || n || '.csv',
        sha256(n::text::bytea), '', '', '{"employer_name":"PT ' || n || '"}', 'applied', 50, 50, 50, 50,
        now() - interval '900 days' + n * interval '900 days' / many,
            now() - interval '900 days' + n * interval '900 days' / many
    from (select greatest(30, :cases / 200) as many) m cross join generate_series(1, m.many) n
    join (select code, row_number() over (order by code) as at from region
        where length(code) = 4) r on r.at = 1 + n % (select count(*) from region where length(code) = 4)
    cross join (select id from officer order by id limit 1) o;
insert into intake_row (intake_id, row, region, status, reasons, regency, name, nik_tail, nik_hash, result, case_id)
    select i.id, c.row, i.region, 'valid', '[]', i.region, w.name, w.nik_tail, w.nik_hash, 'opened', c.id
    from (select id, region, row_number() over (partition by region order by id) as n from intake) i
    join (select id, region, 1 + (row_number() over (partition by region order by id) - 1) / 50 as n,
        1 + (row_number() over (partition by region order by id) - 1) % 50 as row from cases) c on c.region = i.region
        and c.n = i.n
    join case_worker w on w.case_id = c.id;

-- load: oversight
insert into legal_hold (case_id, region, set_on) select c.id, c.region, c.opened_on from cases c
    where pg_temp.draw(c.id, 80) < 0.002;
insert into erasure (case_id, region, state, requested_by) select c.id, c.region, 'requested', o.id from cases c cross
    join (select id from officer order by id limit 1) o where c.stage = 'closed' and pg_temp.draw(c.id, 81) < 0.001;
insert into finding (id, case_id, region, severity, state, found_by, finding)
    select pg_temp.child(c.id, 82), c.id, c.region, 'minor', 'open', o.id, '' from cases c cross join (select id
        from officer order by id limit 1) o where pg_temp.draw(c.id, 83) < 0.003;
insert into emergency (id, officer_id, region, reason, opened_at, until, verdict)
    select pg_temp.id_of(6, n, :today - 700 + n), o.id, o.office, 'kebakaran kantor',
        now() - (700 - n) * interval '1 day', now() - (700 - n) * interval '1 day' + interval '30 minutes', case
        when n < 600 then 'justified' end
    from generate_series(1, 690) n join (select id, office, row_number() over (order by id) as at from officer
        where length(office) = 4) o on o.at = 1 + n;
insert into export (id, officer_id, asked, profile, scope, state, failure, created_at)
    select pg_temp.id_of(7, n, :today - 300 + n % 300), o.id, '{"format":"csv"}', 'masked', array[o.office], case
        when n % 50 = 0 then 'awaiting' else 'failed' end, '', now() - (300 - n % 300) * interval '1 day'
    from generate_series(1, greatest(500, :cases / 500)) n join (select id, office,
        row_number() over (order by id) as at from officer) o on o.at = 1 + n % (select count(*) from officer);
insert into session (token_digest, officer_id, expires_at) select sha256(o.id::text::bytea), o.id,
    now() + interval '8 hours' from officer o;
insert into idempotency (caller, route, key, digest, body) select o.id, 'case-advance', n::text,
    sha256(n::text::bytea), '{}' from officer o cross join generate_series(1, greatest(1, :cases / 20000)) n;

-- load: officer events
insert into officer_event (officer_id, kind, at) select o.id, 'created', now() - interval '900 days' from officer o;
insert into officer_event (officer_id, kind, grant_id, at)
    select g.officer_id, 'grant.given', g.id, now() - interval '900 days' from officer_grant g;

-- load: access records
insert into access_record (at, officer_id, action, route, request, outcome, subjects)
    select now() - (1 - c.n::float8 / many) * interval '365 days', c.officer_id, case when c.list then 'case.list'
        else 'case.read' end, case when c.list then 'case-list' else 'case-get' end, '', 'shown',
        case when c.list then c.neighbours else array[c.id] end
    from (select c.id, c.officer_id, row_number() over (order by c.id, n) as n, count(*) over () as many, n = 1
        and pg_temp.draw(c.id, 90) < 0.15 as list,
            array_agg(c.id) over (order by c.id, n rows between 40 preceding and current row) as neighbours
        from cases c cross join generate_series(1, 3) n where c.officer_id is not null) c;
insert into access_alarm (officer_id, hour, kind, subjects, most, raised_at)
    select o.id, date_trunc('hour', now()) - n * interval '1 day', 'files', 300, 200, now() - n * interval '1 day'
        from officer o cross join generate_series(1, 2) n where o.office <> '' and right(o.id::text, 1) < '4';

-- load: waiting
insert into log_pending select case_id, seq, hash from case_history union all select layoff_id, seq, hash
    from layoff_history;

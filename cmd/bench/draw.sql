-- Numbers and ids that depend on nothing but an id, so that a table is loaded the same way every time.

-- A number from 0 up to 1, another one for every salt.
create function pg_temp.draw(of uuid, salt int) returns float8 language sql immutable as $$
    select (uuid_hash_extended(of, salt) & 1048575) / 1048576.0::float8
$$;

-- One of several words.
create function pg_temp.pick(of uuid, salt int, words text[]) returns text language sql immutable as $$
    select words[1 + (pg_temp.draw(of, salt) * cardinality(words))::int % cardinality(words)]
$$;

-- An id of the same time as another one.
create function pg_temp.child(of uuid, salt int) returns uuid language sql immutable as $$
    select (left(of::text, 15) || substr(h, 1, 3) || '-8' || substr(h, 4, 3) || '-' || substr(h, 7,
        10) || lpad(to_hex(salt % 256), 2, '0'))::uuid
    from (select lpad(to_hex(uuid_hash_extended(of, salt)), 16, '0') as h) x
$$;

-- An id of its own of a day: what was made later has a greater one.
create function pg_temp.id_of(salt int, n int, day date) returns uuid language sql immutable as $$
    select (substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(h, 1, 3) || '-8' || substr(h, 4,
        3) || '-' || substr(h, 7, 12))::uuid
    from (select lpad(to_hex(extract(epoch from day)::bigint * 1000 + n % 86400000), 12, '0') as t,
        md5(salt || ' ' || n) as h) x
$$;

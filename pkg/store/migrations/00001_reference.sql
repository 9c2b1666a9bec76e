-- Reference data: the regions of Indonesia and the office of each.
-- The rows come from policies/reference, loaded after every migration (see reference.go).

-- +goose Up
create table region (
    code   text collate "C" primary key check (code ~ '^[0-9]{2}([0-9]{2})?$'),
    name   text not null,
    kind   text not null check (kind in ('province', 'regency', 'city')),
    parent text collate "C" references region (code),
    edition text not null,
    constraint region_parent check ((kind = 'province') = (parent is null))
);
comment on table region is 'Kemendagri codes of the edition in force; superseded codes stand in region_superseded';

create table region_superseded (
    old_code     text collate "C" primary key,
    name         text not null,
    current_code text collate "C" not null references region (code)
);

-- An office is named by the region it serves; '' is the ministry.
create table office (
    region text collate "C" primary key,
    name   text not null,
    zone   text not null check (zone in ('WIB', 'WITA', 'WIT'))
);

grant select on region, region_superseded, office to tanggap_app;

-- +goose Down
drop table office, region_superseded, region;

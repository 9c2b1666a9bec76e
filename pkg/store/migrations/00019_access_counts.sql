-- What an answer showed of the workers, by the property of its route: whole files, or lines of lists. Records made before
-- have none; the action tells it for them.

-- +goose Up
alter table access_record
    add column shows text check (shows in ('file', 'list')),
    add column lines int not null default 0 check (lines >= 0);
comment on column access_record.lines is 'workers that were shown of the list or the export that subjects names; 0 when subjects names the workers themselves';

-- +goose Down
alter table access_record drop column lines, drop column shows;

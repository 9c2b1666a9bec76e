-- +goose Up
-- What the reader of lists made of a file stands beside it: the sheets and encoding that it used, and all that it did
-- not use. A refusal keeps its arguments, so that it says what is missing and where.
alter table intake add column reading text, add column refusal_args text;
comment on column intake.reading is 'JSON: sheets, notes, encoding, separator';
comment on column intake.refusal_args is 'JSON: what the sentence of the refusal names';
-- A list may have several sheets: row counts over all of them, and the place is what the spreadsheet shows.
alter table intake_row add column sheet text not null default '', add column sheet_row int;
comment on column intake_row.sheet_row is 'row as its sheet numbers it; null where that is row';

-- +goose Down
alter table intake_row drop column sheet, drop column sheet_row;
alter table intake drop column reading, drop column refusal_args;

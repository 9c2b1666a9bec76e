-- An entry of a history that was an error is taken back by another one: parts that it made leave their tables, and the
-- stage of the case may go back against the published machine. Both only in a transaction that says that it voids.

-- +goose Up
drop trigger cases_transition on cases;
create trigger cases_transition before update of stage on cases for each row
    when (old.stage <> new.stage and coalesce(current_setting('tanggap.voiding', true), '') <> 'on'
        and (old.stage, new.stage) not in (
        ('intake', 'benefit'), ('intake', 'training'), ('intake', 'placement'), ('intake', 'closed'),
        ('benefit', 'training'), ('benefit', 'placement'), ('benefit', 'closed'),
        ('training', 'benefit'), ('training', 'placement'), ('training', 'closed'),
        ('placement', 'benefit'), ('placement', 'training'), ('placement', 'closed'),
        ('closed', 'intake'), ('closed', 'benefit'), ('closed', 'training'), ('closed', 'placement')))
    execute function refuse('cases_transition');
grant delete on claim, claim_month, prakerja_card, training, attendance, assessment, certificate, job_wish, application,
    proposal, placement, business, jobseeker_card, referral, response to tanggap_app;
-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['claim', 'claim_month', 'prakerja_card', 'training', 'attendance', 'assessment', 'certificate',
        'job_wish', 'application', 'proposal', 'placement', 'business', 'jobseeker_card', 'referral', 'response'] loop
        execute format($p$create trigger %I before delete on %I for each row
            when (current_user = 'tanggap_app' and coalesce(current_setting('tanggap.voiding', true), '') <> 'on')
            execute function refuse('part_voided_only')$p$, t || '_voided_only', t);
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['claim', 'claim_month', 'prakerja_card', 'training', 'attendance', 'assessment', 'certificate',
        'job_wish', 'application', 'proposal', 'placement', 'business', 'jobseeker_card', 'referral', 'response'] loop
        execute format('drop trigger %I on %I', t || '_voided_only', t);
    end loop;
end $$;
-- +goose StatementEnd
revoke delete on claim, claim_month, prakerja_card, training, attendance, assessment, certificate, job_wish, application,
    proposal, placement, business, jobseeker_card, referral, response from tanggap_app;
drop trigger cases_transition on cases;
create trigger cases_transition before update of stage on cases for each row
    when (old.stage <> new.stage and (old.stage, new.stage) not in (
        ('intake', 'benefit'), ('intake', 'training'), ('intake', 'placement'), ('intake', 'closed'),
        ('benefit', 'training'), ('benefit', 'placement'), ('benefit', 'closed'),
        ('training', 'benefit'), ('training', 'placement'), ('training', 'closed'),
        ('placement', 'benefit'), ('placement', 'training'), ('placement', 'closed'),
        ('closed', 'intake'), ('closed', 'benefit'), ('closed', 'training'), ('closed', 'placement')))
    execute function refuse('cases_transition');

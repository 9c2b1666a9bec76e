// Package track holds what runs inside a case: the JKP claim (Jaminan Kehilangan Pekerjaan) with its six months,
// training and certificates, job applications and the placement that ends the search, a business of one's own, and what
// is asked of another office.
//
// Each kind of part is declared once, as a Kind:
//
//	application     submitted ─► test_called, interviewed, offered, hired, rejected, withdrawn
//	                test_called ─► interviewed, offered, hired, rejected, withdrawn
//	                interviewed ─► offered, hired, rejected, withdrawn
//	                offered ─► hired, rejected, withdrawn
//	assessment      applied ─► verified, withdrawn
//	                verified ─► competent, not_yet_competent, withdrawn
//	                competent ─► issued
//	                not_yet_competent ─► competent, not_yet_competent, withdrawn
//	attendance      recorded
//	business        proposed ─► admin_verified, ended
//	                admin_verified ─► field_verified, ended
//	                field_verified ─► selected, ended
//	                selected ─► coached, ended
//	                coached ─► disbursed, ended
//	                disbursed ─► reported, ended
//	                reported ─► graduated, ended
//	certificate     recorded
//	claim           applied ─► running, refused, stopped, withdrawn
//	                running ─► completed, stopped
//	document        recorded
//	jobseeker_card  active ─► closed_hired     (lapsed by its days)
//	claim.month     upcoming ─► proved, paid, missed, stopped
//	                proved ─► paid, stopped     (only the first is paid without a proof)
//	placement       reported ─► verified, ended
//	                verified ─► retained_3m, ended
//	                retained_3m ─► ended
//	prakerja        awarded ─► used, revoked     (revoked when the first course was not bought in time)
//	proposal        proposed ─► accepted, declined
//	                accepted ─► hired     (accepted: it is a job application)
//	referral        offered ─► accepted, declined, expired, taken_back
//	                accepted ─► done, taken_back     (done: a service only)
//	response        at first ─► accepted, refused, disputed
//	                accepted ─► refused, disputed
//	                refused ─► accepted, disputed, agreed
//	                disputed ─► agreed, decided
//	training        enrolled ─► in_training, dropped
//	                in_training ─► completed, dropped
//	wish            recorded
//
// A part changes only together with its case: one version, one history, one transaction.
package track

// Package track holds what runs inside a case: the JKP claim (Jaminan Kehilangan Pekerjaan) with its six months, training
// and certificates, job applications and the placement that ends the search, a business of one's own, and what is asked of
// another office.
//
//	claim        applied ─► running ─► completed          month  upcoming ─► proved ─► paid
//	                │          └─────► stopped                      └──────► missed, stopped
//	                └─► refused ─► applied (again)
//	training     enrolled ─► in_training ─► completed, dropped
//	application  submitted ─► test_called ─► interviewed ─► offered ─► hired     (rejected, withdrawn from any)
//	prakerja     awarded ─► used          (revoked when the first course was not bought in time)
//	assessment   applied ─► verified ─► competent ─► issued     not_yet_competent may be assessed again (withdrawn from any)
//	proposal     proposed ─► accepted (which is a job application) ─► hired          (declined)
//	business     proposed ─► admin_verified ─► field_verified ─► selected ─► coached ─► disbursed ─► reported ─► graduated     (ended from any)
//	AK-1 card    active ─► closed_hired          (lapsed by its days)
//	referral     offered ─► accepted, declined, expired, taken_back          a service accepted ─► done
//	placement    reported ─► verified ─► retained_3m      (ended from any)
//
// A track changes only together with its case: one version, one history, one transaction.
package track

// Package track holds what runs inside a case: the JKP claim (Jaminan Kehilangan Pekerjaan) with its six months, training
// and certificates, job applications and the placement that ends the search.
//
//	claim        applied ─► running ─► completed          month  upcoming ─► proved ─► paid
//	                │          └─────► stopped                      └──────► missed, stopped
//	                └─► refused ─► applied (again)
//	training     enrolled ─► in_training ─► completed, dropped
//	application  submitted ─► test_called ─► interviewed ─► offered ─► hired     (rejected, withdrawn from any)
//	placement    reported ─► verified ─► retained_3m      (ended from any)
//
// A track changes only together with its case: one version, one history, one transaction.
package track

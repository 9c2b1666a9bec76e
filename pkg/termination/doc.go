// Package termination is the law of ending an employment (PHK) apart from its money: the reasons of PP 35/2021 Art. 36
// and the grounds that are forbidden, the statutory clocks of PP 35/2021 and UU 2/2004, when a disputed termination
// takes effect, wages while a dispute goes on, the rank of a worker's claims in a bankruptcy, and the measures to be
// tried before a termination (SE-907/MEN/PHI-PPHI/X/2004).
//
//	notice letter ◀──14── planned day      notice ──14──▶ termination ──7──▶ report to BPJS-TK
//	notice ──7──▶ refusal ─▶ talks ──30──▶ registration ─▶ choice ──7──▶ mediator ──30──▶ failed ──1 year──▶ suit ─▶ …
//	… first hearing ──50──▶ judgment ──14──▶ cassation of a party ──14──▶ Mahkamah Agung ──30──▶ decided
//	recommendation ──10──▶ answer (silence = rejection)
//
// All rules are pure functions over the files in policies/programmes/termination: no clock, no I/O. A working day is
// what the calendar says; where a year without published holidays was crossed, the due day is the earliest possible one
// and the clock says so instead of guessing. Whether the day of an event counts, and whether joint leave is work, the
// law does not say: each clock gives the day that would come out.
package termination

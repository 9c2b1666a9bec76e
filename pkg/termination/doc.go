// Package termination is the law of ending an employment (PHK) apart from its money: the reasons of PP 35/2021 Art. 36,
// the statutory clocks of PP 35/2021 and UU 2/2004 in working days, when a disputed termination takes effect, and the
// measures to be tried before one (SE-907/MEN/PHI-PPHI/X/2004).
//
//	notice ──14──▶ termination ──7──▶ report to BPJS-TK
//	   └──7──▶ refusal ─▶ bipartite ──30──▶ choice ──7──▶ mediation or conciliation ──30──▶ court ──50──▶ cassation ──30
//	                                                      └ recommendation ──10──▶ answer ──10 (silence = rejection)
//
// All rules are pure functions over the files in policies/programmes/termination: no clock, no I/O. A working day is what
// the calendar says; where a year without published holidays was crossed, the due day is the earliest possible one and the
// clock says so instead of guessing.
package termination

// Package simulation asks what a parameter file of JKP would cost and whom it would reach, before it becomes law: every
// claim of a caseload is assessed and paid month by month under the rules in force and under a draft, and the
// difference is shown per month and province.
//
// The synthetic caseload is drawn from a seed: the same seed, size and files give the same answer to the rupiah, on any
// machine and with any number of workers. Its provinces follow the published layoffs
// (policies/reference/phk_by_province.csv, 2025); its wages, dates and facts are assumptions of ours, stated in
// synthetic.go, and no statistics.
package simulation

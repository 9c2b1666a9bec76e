// Package severancetax computes the final income tax (PPh 21 final, PP 68/2009) on severance and on old-age savings
// that are paid at once: payments within two calendar years are added up and taxed in steps. What is paid later is
// taxed at the ordinary rates, which are not known here.
//
// All rules are pure functions over the files in policies/programmes/severancetax: no clock, no I/O.
package severancetax

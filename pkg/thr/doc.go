// Package thr answers whether tunjangan hari raya, the religious holiday allowance, is owed and how much (Permenaker
// 6/2016): to whoever is employed on the own holiday, and to a permanent worker whom the employer dismissed shortly
// before it.
//
// All rules are pure functions over the files in policies/programmes/thr: no clock, no I/O. A fact that nobody has
// stated makes its criterion unknown, and is named.
package thr

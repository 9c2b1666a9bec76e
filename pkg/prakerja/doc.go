// Package prakerja is the law of Kartu Prakerja as dated files: who may join a scheme, until when the first training
// has to be bought, and when the incentive is released.
//
// Schemes: semi-bansos (2020-2022, batches 1-47), skema normal (2023-2024, batches 48-71), and 2025 onwards, whose
// status is open: every answer there is undetermined and says so. All rules are pure functions over the files in
// policies/programmes/prakerja: no clock, no I/O. The scheme is chosen by the day of the application. A fact that
// nobody has stated is nil and gives an unknown criterion, never a guess.
package prakerja

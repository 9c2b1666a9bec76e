// Package severance computes the money that a worker is owed when the employment ends: uang pesangon (UP), uang
// penghargaan masa kerja (UPMK), uang penggantian hak (UPH) and uang pisah (PP 35/2021 Art. 40-57), and the uang
// kompensasi of a fixed-term contract (Art. 15-17).
//
// Every amount is a Part with its months, multiplier, exact fraction, whole rupiah, articles and confidence; the total
// is the sum of the parts. A part whose amount the parties have to agree on and have not told is in the answer as
// unknown, never as zero. From 31 October 2024 (MK 168/PUU-XXI/2023) UP is a minimum, and the answer says so.
//
// All rules are pure functions over the files in policies/programmes/severance: no clock, no I/O. The version is chosen
// by the day on which the employment ends; before the first file there is no answer (the older law is not described).
package severance

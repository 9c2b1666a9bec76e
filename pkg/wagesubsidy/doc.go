// Package wagesubsidy is the law of Bantuan Subsidi Upah (BSU) of 2020, 2021, 2022 and 2025 as dated files,
// and what was announced for 2026. BSU goes to
// employed workers: it is context and deduplication for a case, not a stage of it.
//
// All rules are pure functions over the files in policies/programmes/wagesubsidy: no clock, no I/O. The file is chosen
// by the year of the subsidy; of a year without one nothing is known here, which is not to say that there was none. A
// fact that nobody has stated gives an unknown criterion, never a guess.
package wagesubsidy

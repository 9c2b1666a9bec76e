package termination

import (
	"cmp"
	"slices"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// BankruptcyClaim is a claim of a worker against a firm that is bankrupt or in liquidation.
type BankruptcyClaim string

// The claims. Severance, service pay and rights are one: they stand in the same rank.
const (
	ClaimWages       BankruptcyClaim = "wages"
	ClaimOtherRights BankruptcyClaim = "other_rights"
)

// Values lists the claims.
func (BankruptcyClaim) Values() []BankruptcyClaim {
	return []BankruptcyClaim{ClaimWages, ClaimOtherRights}
}

// Valid reports whether c is a known claim.
func (c BankruptcyClaim) Valid() bool { return codelist.Has(c) }

// BankruptcyPayer is who pays what a bankrupt firm owes its workers.
type BankruptcyPayer string

// Curator is the only one.
const Curator BankruptcyPayer = "curator"

// Valid reports whether p is known.
func (p BankruptcyPayer) Valid() bool { return p == Curator }

// Ranking is a parameter file of kind "ranking". Rank 1 is paid first.
type Ranking struct {
	rule.Version `yaml:",inline"`
	Ranks        map[BankruptcyClaim]rule.Figure[int] `yaml:"ranks" between:"1..9"`
	Payer        rule.Figure[BankruptcyPayer]         `yaml:"payer"`
}

// RankedClaim is a claim with its place among the creditors.
type RankedClaim struct {
	Claim  BankruptcyClaim
	Rank   int
	Amount money.Rupiah // rupiah
	rule.Source
}

// Of ranks the claims that a worker has, first rank first. One claim never goes into another.
func (r Ranking) Of(claims map[BankruptcyClaim]money.Rupiah) []RankedClaim {
	var ranked []RankedClaim
	for _, c := range BankruptcyClaim("").Values() {
		if amount, has := claims[c]; has {
			rank := r.Ranks[c]
			ranked = append(ranked, RankedClaim{Claim: c, Rank: rank.Value, Amount: amount, Source: rank.Source})
		}
	}
	slices.SortStableFunc(ranked, func(a, b RankedClaim) int { return cmp.Compare(a.Rank, b.Rank) })
	return ranked
}

package severance

// FirmSize is the size of the employer (PP 7/2021 Art. 35); empty when nobody has said.
type FirmSize string

// The sizes.
const (
	Micro  FirmSize = "micro"
	Small  FirmSize = "small"
	Medium FirmSize = "medium"
	Large  FirmSize = "large"
)

// Valid reports whether s is a known size.
func (s FirmSize) Valid() bool { return s.ByAgreement() || s.bound() }

// ByAgreement reports whether such a firm owes what was agreed with the worker, not what the tables give.
func (s FirmSize) ByAgreement() bool { return s == Micro || s == Small }

// bound reports whether such a firm owes what the tables give. Of a firm of unknown size neither holds.
func (s FirmSize) bound() bool { return s == Medium || s == Large }

// SmallFirms tells what micro and small firms owe.
type SmallFirms string

// AgreedOnly is the amount that was agreed with the worker.
const AgreedOnly SmallFirms = "by_agreement"

// Valid reports whether s is known.
func (s SmallFirms) Valid() bool { return s == AgreedOnly }

// Elsewhere tells what becomes of uang pisah that was agreed for a reason for which the law does not give it.
type Elsewhere string

// Counted adds it as agreed.
const Counted Elsewhere = "counted"

// Valid reports whether e is known.
func (e Elsewhere) Valid() bool { return e == Counted }

// Rank tells where a claim stands in bankruptcy.
type Rank string

// FirstRank is before all creditors.
const FirstRank Rank = "first_rank"

// Valid reports whether r is known.
func (r Rank) Valid() bool { return r == FirstRank }

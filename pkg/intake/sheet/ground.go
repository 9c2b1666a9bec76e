package sheet

import "strings"

// StatutoryReason is the statutory ground of a PHK: the letter of PP 35/2021 Art. 36.
type StatutoryReason string

// The letters of Art. 36. What decides about benefits is the officer's finding, not the employer's wording.
const (
	GroundRestructuring    StatutoryReason = "a" // penggabungan, peleburan, pengambilalihan, pemisahan
	GroundEfficiency       StatutoryReason = "b" // efisiensi
	GroundClosure          StatutoryReason = "c" // perusahaan tutup
	GroundForceMajeure     StatutoryReason = "d" // keadaan memaksa
	GroundMoratorium       StatutoryReason = "e" // penundaan kewajiban pembayaran utang
	GroundBankruptcy       StatutoryReason = "f" // pailit
	GroundEmployerFault    StatutoryReason = "g" // permohonan pekerja karena perbuatan pengusaha
	GroundPetitionRejected StatutoryReason = "h" // putusan lembaga penyelesaian perselisihan
	GroundResignation      StatutoryReason = "i" // mengundurkan diri
	GroundAbsence          StatutoryReason = "j" // mangkir
	GroundViolation        StatutoryReason = "k" // pelanggaran
	GroundDetention        StatutoryReason = "l" // ditahan pihak yang berwajib
	GroundIllness          StatutoryReason = "m" // sakit berkepanjangan, cacat akibat kecelakaan kerja
	GroundRetirement       StatutoryReason = "n" // usia pensiun
	GroundDeath            StatutoryReason = "o" // meninggal dunia
)

// Valid tells whether g is a letter of Art. 36.
func (g StatutoryReason) Valid() bool { return len(g) == 1 && g[0] >= 'a' && g[0] <= 'o' }

// groundOf finds the one ground that the employer's wording names. Wording that names none, such as losses (which may
// lead to efficiency or to closure) or relocation, or that names two, stays without a ground.
func groundOf(text string) StatutoryReason {
	words := " " + normal(text) + " "
	found := StatutoryReason("")
	for _, g := range groundWords() {
		for word := range strings.SplitSeq(g.words, "|") {
			if !strings.Contains(words, " "+word) {
				continue
			}
			if found != "" && found != g.ground {
				return ""
			}
			found = g.ground
		}
	}
	return found
}

type groundWord struct {
	ground StatutoryReason
	words  string // beginnings of words, separated by |
}

func groundWords() []groundWord {
	return []groundWord{
		{GroundRestructuring, "penggabungan|peleburan|pengambilalihan|pengambil alihan|pemisahan|merger|akuisisi"},
		{GroundEfficiency, "efisiensi|effisiensi|efesiensi"},
		{GroundClosure, "tutup|penutupan"},
		{GroundForceMajeure, "force maj|keadaan memaksa|keadaan kahar"},
		{GroundMoratorium, "pkpu|penundaan kewajiban"},
		{GroundBankruptcy, "pailit|kepailitan|bangkrut"},
		{GroundResignation, "mengundurkan diri|pengunduran diri|resign"},
		{GroundAbsence, "mangkir"},
		{GroundViolation, "pelanggaran|melanggar|indisipliner"},
		{GroundDetention, "ditahan"},
		{GroundIllness, "sakit berkepanjangan|cacat"},
		{GroundRetirement, "pensiun"},
		{GroundDeath, "meninggal"},
	}
}

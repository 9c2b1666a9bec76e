package sheet

import "strings"

// Ground is the statutory ground of a PHK: the letter of PP 35/2021 Art. 36.
type Ground string

// The letters of Art. 36. What decides about benefits is the officer's finding, not the employer's wording.
const (
	GroundRestructuring    Ground = "a" // penggabungan, peleburan, pengambilalihan, pemisahan
	GroundEfficiency       Ground = "b" // efisiensi
	GroundClosure          Ground = "c" // perusahaan tutup
	GroundForceMajeure     Ground = "d" // keadaan memaksa
	GroundMoratorium       Ground = "e" // penundaan kewajiban pembayaran utang
	GroundBankruptcy       Ground = "f" // pailit
	GroundEmployerFault    Ground = "g" // permohonan pekerja karena perbuatan pengusaha
	GroundPetitionRejected Ground = "h" // putusan lembaga penyelesaian perselisihan
	GroundResignation      Ground = "i" // mengundurkan diri
	GroundAbsence          Ground = "j" // mangkir
	GroundViolation        Ground = "k" // pelanggaran
	GroundDetention        Ground = "l" // ditahan pihak yang berwajib
	GroundIllness          Ground = "m" // sakit berkepanjangan, cacat akibat kecelakaan kerja
	GroundRetirement       Ground = "n" // usia pensiun
	GroundDeath            Ground = "o" // meninggal dunia
)

// Valid tells whether g is a letter of Art. 36.
func (g Ground) Valid() bool { return len(g) == 1 && g[0] >= 'a' && g[0] <= 'o' }

// groundOf finds the one ground that the employer's wording names. Wording that names none, such as losses (which may
// lead to efficiency or to closure) or relocation, or that names two, stays without a ground.
func groundOf(text string) Ground {
	words := " " + normal(text) + " "
	found := Ground("")
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
	ground Ground
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

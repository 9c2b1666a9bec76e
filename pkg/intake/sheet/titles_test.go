package sheet

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
)

// Titles as employers, payroll programs and forms write them are understood, or else asked about by the field they are
// nearest to. One that is taken for another field is worse than one that is not understood: there is none.
func TestTitlesOfRealLists(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../testdata/titles.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	v, understood := newVocabulary(nil), 0
	for _, row := range rows[1:] {
		m, known := v.meaning(row[0])
		switch {
		case known && string(m.field) == row[1]:
			understood++
		case known || row[1] != "":
			t.Errorf("%q is read as %q, want %q", row[0], m.field, row[1])
		case v.nearest(row[0]) == "":
			t.Errorf("%q is neither understood nor near to anything", row[0])
		}
	}
	if understood < 95 {
		t.Errorf("%d titles understood", understood)
	}
}

// Two fields have no title in common, also with its words in another order and form.
func TestNoTitleMeansTwoFields(t *testing.T) {
	t.Parallel()
	v := newVocabulary(nil)
	for _, title := range titles() {
		for _, name := range title.names {
			if key := v.key(name); key == "" || v.loose[key].field != title.field {
				t.Errorf("%q of %s means %q", name, title.field, v.loose[key].field)
			}
		}
	}
}

// What looks like one of our columns and is none is not taken, in whatever words.
func TestTitlesThatAreNotOurs(t *testing.T) {
	t.Parallel()
	v := newVocabulary(nil)
	for _, other := range []string{"NIK Karyawan", "Employee ID", "NIP", "Nama Ibu Kandung", "Nama Perusahaan", "Nama Bank",
		"Tanggal Masuk", "Join Date", "Tanggal Masuk Kerja", "No. Rekening", "No NPWP", "Masa Kerja", "Bagian", "Departemen",
		"Status", "Keterangan", "Pendidikan", "Provinsi", "Kecamatan", "Agama", "No. KK", "BPJS Kesehatan", "Pesangon",
		"Tanggal Kontrak", "Nama Suami/Istri", "Tgl Lahir Anak", "Alamat Perusahaan", "Jumlah Anak"} {
		if m, known := v.meaning(other); known {
			t.Errorf("%q is read as %s", other, m.field)
		}
	}
}

// What the officer states of a title goes before the dictionary, for a field and for none.
func TestStatedTitles(t *testing.T) {
	t.Parallel()
	v := newVocabulary(map[string]string{"Tgl. Henti": "termination_date", "Upah": ""})
	if m, known := v.meaning("TGL HENTI"); !known || m.field != fieldPHK || m.rank != 0 {
		t.Errorf("a stated title is %v, %v", m, known)
	}
	if _, known := v.meaning("upah"); known {
		t.Error("a title that is stated to be none of ours is read")
	}
	for title, near := range map[string]field{"Tgl Terminasi Lahir": fieldBirth, "Alamat Domisilih": fieldAddress,
		"Upahh": fieldWage} {
		if got := v.nearest(title); got != near {
			t.Errorf("%q is nearest to %q, want %q", title, got, near)
		}
	}
	if strings.Contains(called("\u200b"), "<") {
		t.Error("a character has no name")
	}
}

// Titles are stated as one of our fields or as none.
func TestWhatMayBeStatedOfTitles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stated map[string]string
		refuse bool
	}{
		"nothing":    {nil, false},
		"a field":    {map[string]string{"Tgl Henti": "termination_date"}, false},
		"none":       {map[string]string{"Upah": ""}, false},
		"no field":   {map[string]string{"Upah": "salary"}, true},
		"no title":   {map[string]string{" * ": "wage"}, true},
		"a long one": {map[string]string{strings.Repeat("x", 201): "wage"}, true},
	} {
		if err := CheckTitles(c.stated); (err != nil) != c.refuse {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package sheet

import (
	"strings"
	"unicode"
)

// field is what a column of the list means to us.
type field string

const (
	fieldNumber     field = "no"
	fieldNIK        field = "nik"
	fieldName       field = "name"
	fieldPlace      field = "birth_place"
	fieldBirth      field = "birth_date"
	fieldPlaceBirth field = "birth_place_date" // "Tempat, Tanggal Lahir" in one column
	fieldSex        field = "sex"
	fieldKPJ        field = "kpj"
	fieldPosition   field = "position"
	fieldWage       field = "wage"
	fieldPHK        field = "termination_date"
	fieldReason     field = "reason"
	fieldPhone      field = "phone"
	fieldEmail      field = "email"
	fieldAddress    field = "address"
	fieldRegency    field = "regency"
)

// title is how a column is called: the first spelling is the one shown to people.
// Names of rank 2 count only when no column has a name of rank 1: beside "No. KTP", a column "NIK" is the employer's
// own staff number (nomor induk karyawan).
type title struct {
	field field
	rank  int
	names string // separated by |
}

// titles lists the spellings after [normal]: lower case, letters and digits only.
func titles() []title {
	return []title{
		{fieldNumber, 1, "no|nomor|no urut|nomor urut|urut"},
		{fieldNIK, 1, "no ktp|nomor ktp|nik ktp|nik e ktp|no nik|nomor nik|nik no ktp|no ktp nik|no nik ktp|ktp|no ktp el|" +
			"nomor induk kependudukan|nik nomor induk kependudukan|nomor induk kependudukan nik|nik sesuai ktp|no identitas"},
		{fieldNIK, 2, "nik"},
		{fieldName, 1,
			"nama|nama lengkap|nama pekerja|nama pekerja buruh|nama buruh|nama karyawan|nama tenaga kerja|nama peserta|" +
				"nama sesuai ktp|nama lengkap sesuai ktp|nama pegawai"},
		{fieldPlace, 1, "tempat lahir|tmp lahir|tmpt lahir|tpt lahir|kota lahir|tempat kelahiran"},
		{fieldBirth, 1, "tanggal lahir|tgl lahir|tgl lhr|tanggal kelahiran|tgl kelahiran|lahir tanggal|lahir tgl"},
		{fieldPlaceBirth, 1,
			"tempat tanggal lahir|tempat tgl lahir|tmpt tgl lahir|ttl|tempat dan tanggal lahir|tempat dan tgl lahir"},
		{fieldSex, 1, "jenis kelamin|jk|j k|l p|lp|kelamin|jns kelamin|jenis kel|gender|sex|jenis kelamin l p"},
		{fieldKPJ, 1,
			"no kpj|kpj|nomor kpj|no bpjs ketenagakerjaan|nomor bpjs ketenagakerjaan|bpjs ketenagakerjaan|no bpjstk|" +
				"no bpjs tk|no peserta bpjs ketenagakerjaan|no kpj bpjs ketenagakerjaan|no kartu peserta|no jamsostek|" +
				"no kartu peserta jamsostek"},
		{fieldPosition, 1, "jabatan|jabatan terakhir|posisi|posisi jabatan|jabatan posisi|pekerjaan"},
		{fieldWage, 1,
			"upah terakhir|upah|gaji|gaji terakhir|gaji upah|upah gaji|upah gaji terakhir|gaji upah terakhir|upah per bulan|" +
				"upah sebulan|gaji per bulan|upah bulanan|gaji bulanan|besar upah|besaran upah"},
		{fieldWage, 2, "gaji pokok|upah pokok"},
		{fieldPHK, 1,
			"tanggal phk|tgl phk|phk tanggal|phk tgl|tanggal pemutusan hubungan kerja|tgl pemutusan hubungan kerja|" +
				"tanggal efektif phk|tgl efektif phk|tmt phk|tanggal ter phk|tanggal berakhir hubungan kerja|tanggal di phk"},
		{fieldPHK, 2, "tanggal berhenti|tgl berhenti|tanggal berhenti bekerja|tanggal keluar|tgl keluar|tanggal akhir kerja"},
		{fieldReason, 1,
			"alasan phk|alasan|sebab phk|penyebab phk|phk alasan|alasan pemutusan hubungan kerja|alasan berhenti|" +
				"keterangan phk"},
		{fieldPhone, 1,
			"no hp|hp|nomor hp|no hp wa|nomor hp wa|no hp aktif|no wa|nomor wa|no handphone|nomor handphone|handphone|" +
				"no ponsel|nomor ponsel|no whatsapp|whatsapp|no hp whatsapp|no telp hp|no hp telp|no telepon hp"},
		{fieldPhone, 2, "no telepon|nomor telepon|telepon|no telp|no tlp|telp"},
		{fieldEmail, 1, "email|e mail|alamat email|alamat e mail|surel|alamat surel"},
		{fieldAddress, 1, "alamat|alamat lengkap|alamat domisili|alamat tempat tinggal|alamat tinggal|alamat sekarang"},
		{fieldAddress, 2, "alamat ktp|alamat sesuai ktp|alamat rumah"},
		{fieldRegency, 1,
			"kab kota|kabupaten kota|kota kabupaten|kota kab|kabupaten atau kota|kab kota domisili|kabupaten kota domisili|" +
				"domisili kab kota|kab kota tempat tinggal|kabupaten kota tempat tinggal"},
		{fieldRegency, 2, "kabupaten|kota|kota domisili"},
	}
}

// needs are the columns without which a list cannot be used. Either way of giving the birth date will do.
func needs() [][]field {
	return [][]field{{fieldNIK}, {fieldName}, {fieldBirth, fieldPlaceBirth}, {fieldWage}, {fieldPHK}, {fieldRegency}}
}

// shown is the name of each field for people, as an Indonesian form would print it.
func (f field) shown() string {
	switch f {
	case fieldNumber:
		return "No"
	case fieldNIK:
		return "NIK"
	case fieldName:
		return "Nama Lengkap"
	case fieldPlace:
		return "Tempat Lahir"
	case fieldBirth:
		return "Tanggal Lahir"
	case fieldPlaceBirth:
		return "Tempat, Tanggal Lahir"
	case fieldSex:
		return "Jenis Kelamin"
	case fieldKPJ:
		return "No. KPJ"
	case fieldPosition:
		return "Jabatan"
	case fieldWage:
		return "Upah Terakhir"
	case fieldPHK:
		return "Tanggal PHK"
	case fieldReason:
		return "Alasan PHK"
	case fieldPhone:
		return "No. HP"
	case fieldEmail:
		return "Email"
	case fieldAddress:
		return "Alamat"
	case fieldRegency:
		return "Kab/Kota"
	}
	return string(f)
}

type meaning struct {
	field field
	rank  int
}

// vocabulary finds a meaning by a header's normal form.
type vocabulary map[string]meaning

func newVocabulary() vocabulary {
	v := vocabulary{}
	for _, t := range titles() {
		for name := range strings.SplitSeq(t.names, "|") {
			v[name] = meaning{t.field, t.rank}
		}
	}
	return v
}

// meaning tries the text as it is, then without what stands in parentheses, then without a unit.
func (v vocabulary) meaning(text string) (meaning, bool) {
	if len(text) > 200 {
		return meaning{}, false
	}
	for _, form := range []string{normal(text), normal(withoutParentheses(text))} {
		form = strings.TrimSuffix(form, " rp")
		if m, ok := v[form]; ok {
			return m, true
		}
	}
	return meaning{}, false
}

// normal is lower case with one space for each run of anything but letters and digits.
func normal(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " "))
}

func withoutParentheses(s string) string {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return s
	}
	if length := strings.IndexByte(s[open:], ')'); length >= 0 {
		return s[:open] + " " + s[open+length+1:]
	}
	return s[:open]
}

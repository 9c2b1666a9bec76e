package sheet

import (
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// nik reads and judges the NIK. Its region is that of the first registration, so an abolished code is as good as a
// present one, and the worker may live elsewhere.
func (in *inspection) nik() {
	c, ok := in.cell(fieldNIK, CodeNIKMissing)
	if !ok {
		return
	}
	digits, code := nikText(c)
	if code != "" {
		in.refuse(code, fieldNIK)
		return
	}
	nik, err := identity.ParseNIK(digits)
	if err != nil {
		in.refuse(nikCode(err), fieldNIK)
	}
	if len(digits) != nikDigits || !allDigits(digits) {
		return
	}
	if err != nil && !in.regions.KnownNIKPrefix(digits[:4]) {
		in.refuse(CodeNIKRegionUnknown, fieldNIK)
	}
	if err == nil && filler(digits) {
		in.refuse(CodeNIKFiller, fieldNIK)
		return
	}
	if err == nil {
		in.row.Worker.NIK = nik
		in.judge(identity.FactNIK, fieldNIK)
		in.once(digits)
	}
}

// once refuses a NIK that an earlier row holds, also when that row is refused for another reason.
func (in *inspection) once(digits string) {
	key, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return
	}
	if earlier, ok := in.seen[key]; ok {
		in.refuse(CodeNIKDuplicate, fieldNIK, "first", earlier.from(in.sheet))
		return
	}
	in.seen[key] = where{in.sheet, in.row.Number}
}

// from is the place as a spreadsheet program writes it, seen from a sheet: 7, or 'Plant B'!7.
func (w where) from(sheet string) string {
	row := strconv.Itoa(w.row)
	if w.sheet != sheet {
		row = "'" + w.sheet + "'!" + row
	}
	return row
}

func nikCode(err error) Code {
	switch fault.CodeOf(err) {
	case "nik.missing":
		return CodeNIKMissing
	case "nik.length":
		return CodeNIKLength
	case "nik.date_invalid":
		return CodeNIKDateInvalid
	case "nik.serial_invalid":
		return CodeNIKSerialInvalid
	}
	return CodeNIKNotNumeric
}

func (in *inspection) sex() {
	c, ok := in.cell(fieldSex, "")
	if !ok {
		return
	}
	sex := parseSex(c)
	if sex == "" {
		in.warn(CodeGenderInvalid, fieldSex)
		return
	}
	in.row.Worker.Sex = sex
	in.judge(identity.FactSex, fieldSex)
}

func parseSex(c cell) identity.Sex {
	switch normal(c.text) {
	case "l", "lk", "laki laki", "laki", "lelaki", "pria", "male", "m":
		return identity.Male
	case "p", "pr", "perempuan", "wanita", "w", "female", "f":
		return identity.Female
	}
	return ""
}

func (in *inspection) kpj() {
	c, ok := in.cell(fieldKPJ, "")
	if !ok {
		return
	}
	kpj, err := identity.ParseKPJ(withoutGrouping(c.figures()))
	if err != nil {
		in.warn(CodeKPJInvalid, fieldKPJ)
		return
	}
	in.row.Worker.KPJ = kpj
}

// phone gives a mobile number its leading 0 back: all begin with 08, and none with 8.
func (in *inspection) phone() {
	c, ok := in.cell(fieldPhone, "")
	if !ok {
		return
	}
	text := withoutGrouping(c.figures())
	if strings.HasPrefix(text, "8") && allDigits(text) {
		text = "0" + text
	}
	phone, err := identity.ParsePhone(text)
	if err != nil {
		in.warn(CodePhoneInvalid, fieldPhone)
		return
	}
	in.row.Worker.Phone = phone
}

func (in *inspection) email() {
	c, ok := in.cell(fieldEmail, "")
	if !ok {
		return
	}
	email, err := identity.ParseEmail(tidy(c.text))
	if err != nil {
		in.warn(CodeEmailInvalid, fieldEmail)
		return
	}
	in.row.Worker.Email = email
}

func (in *inspection) address() {
	if text := in.text(fieldAddress, longestAddress); text != "" {
		in.row.Worker.Address = identity.NewSecret(text)
	}
}

// withoutGrouping drops what people put between the digits of long numbers, and the apostrophe that forces text.
func withoutGrouping(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-()"+apostrophes, r) {
			return -1
		}
		return r
	}, s)
}

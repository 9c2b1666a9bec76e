package identity

// Near are the NIKs that a slip of one hand makes of this one: one digit is another, or two have changed places. None
// of them is the NIK itself, and each is one that there can be.
func (n NIK) Near() []NIK {
	if n.IsZero() {
		return nil
	}
	digits := []byte(*n.v)
	seen := map[string]bool{*n.v: true}
	var near []NIK
	add := func() {
		text := string(digits)
		if seen[text] {
			return
		}
		seen[text] = true
		if slip, err := ParseNIK(text); err == nil {
			near = append(near, slip)
		}
	}
	for i, was := range digits {
		for d := byte('0'); d <= '9'; d++ {
			digits[i] = d
			add()
		}
		digits[i] = was
		for j := range i {
			digits[i], digits[j] = digits[j], digits[i]
			add()
			digits[i], digits[j] = digits[j], digits[i]
		}
	}
	return near
}

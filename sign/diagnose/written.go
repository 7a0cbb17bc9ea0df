package diagnose

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// unhashed knows a signature that is no hash, but the text that was to be hashed, or one of its parts. No key is shown.
func (s *search) unhashed(signature string) (Finding, bool) {
	text := strings.Trim(signature, " \t\r\n\"'\uFEFF")
	r := &s.Right
	const fewest = 4 // characters of a part that is told from digits by chance
	for _, c := range []struct {
		is     bool
		en, zh string
	}{
		{len(r.Key) >= fewest && text == r.Key, "it is the key itself", "它就是密钥本身"},
		{len(r.Key) >= fewest && strings.Contains(text, r.Key), fmt.Sprintf("it has %s, and the key is among them", words.Characters(len(text))), fmt.Sprintf("它有 %d 个字符，其中含有密钥", len(text))},
		{len(r.Stamp) >= fewest && text == r.Stamp, "it is time_stamp", "它是 time_stamp"},
		{len(r.No) >= fewest && text == r.No, "it is merchant_no", "它是 merchant_no"},
		{len(r.Data) >= fewest && text == r.Data, "it is data", "它是 data"},
	} {
		if c.is {
			return about("sign-not-hashed", words.Phrase{En: c.en, Zh: c.zh}), true
		}
	}
	return Finding{}, false
}

// reordered knows the right hash as a library prints it that is not made for hashes: as a UUID, as a number, or with its bytes in another order.
func (s *search) reordered(signature string) (Finding, bool) {
	const longest = 64
	if len(signature) > longest {
		return Finding{}, false
	}
	right := s.sum(s.Rule == sign.Strip)
	begins := words.Phrase{En: "it is `" + words.Visible(words.Cut(signature, 45)) + "`", Zh: "它是 `" + words.Visible(words.Cut(signature, 45)) + "`"}
	if inBase36().MatchString(signature) && (strings.EqualFold(new(big.Int).SetBytes(right[:]).Text(36), signature) || strings.EqualFold(signed(right).Text(36), signature)) {
		return about("sign-number", begins), true
	}
	m := uuidText().FindStringSubmatch(signature)
	if m == nil {
		return Finding{}, false
	}
	came, _ := hex.DecodeString(strings.Join(m[1:], ""))
	backwards := slices.Clone(right[:])
	slices.Reverse(backwards)
	switch {
	case slices.Equal(came, right[:]) && !strings.Contains(signature, "-"):
		return Finding{}, false // one hash in 64 has the bits of a UUID anyway
	case slices.Equal(came, uuidOf(right)) || slices.Equal(came, guidOf(right)):
		return about("sign-uuid", begins), true
	case slices.Equal(came, backwards) || slices.Equal(came, inWords(right)) || strings.EqualFold(signature, fromBehind(hex.EncodeToString(right[:]))):
		return about("sign-byte-order", begins), true
	}
	return Finding{}, false
}

// numbered reads a hash that was printed as a number in another base than 16, or as a negative one.
func (s *search) numbered(signature string) (f Finding, how shape, ok bool) {
	for _, c := range []struct {
		form *regexp.Regexp
		base int
	}{{negativeHex(), 16}, {inDecimal(), 10}, {inOctal(), 8}, {inBinary(), 2}} {
		m := c.form.FindStringSubmatch(signature)
		if m == nil {
			continue
		}
		n, _ := new(big.Int).SetString(m[1]+m[2], c.base)
		if n.Sign() < 0 {
			n.Add(n, new(big.Int).Lsh(big.NewInt(1), 8*md5.Size))
		}
		if n.Sign() < 0 || n.BitLen() > 8*md5.Size {
			continue
		}
		n.FillBytes(s.Want[:])
		f = about("sign-number", words.Phrase{En: "it is `" + words.Cut(signature, 45) + "`", Zh: "它是 `" + words.Cut(signature, 45) + "`"})
		if s.isRight() {
			return f, settled, true
		}
		return f, md5Sized, true
	}
	return f, 0, false
}

// readAsUUID lets the search know a hash that was printed as a UUID, in .NET's order of bytes or with the bits that version 3 sets.
func (s *search) readAsUUID(text string) {
	m := uuidText().FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, "-") {
		return
	}
	came, _ := hex.DecodeString(strings.Join(m[1:], ""))
	s.also = "sign-uuid"
	s.Also = func(hash [md5.Size]byte) bool {
		return bytes.Equal(came, uuidOf(hash)) || bytes.Equal(came, guidOf(hash))
	}
}

var (
	negativeHex  = lazyregexp.New(`^(-)([0-9a-fA-F]{24,32})$`)
	inDecimal    = lazyregexp.New(`^(-?)([0-9]{36,39})$`)
	inOctal      = lazyregexp.New(`^(-?)(?:0o)?([0-7]{40,43})$`)
	inBinary     = lazyregexp.New(`^(-?)(?:0b)?([01]{100,128})$`)
	inBase36     = lazyregexp.New(`^-?[0-9a-zA-Z]{23,25}$`)
	passwordHash = lazyregexp.New(`^(?:\$(?:1|2[abxy]?|5|6|argon2\w*|apr1|P|H)\$.+|\{(?:SSHA\d*|CRYPT|PBKDF2\S*)\}.+|pbkdf2:.+)$`)
	webToken     = lazyregexp.New(`^eyJ[\w-]+\.[\w-]+\.[\w-]*$`)
	plainNumber  = lazyregexp.New(`^(?:-\d{5,20}|\d{9,11}|\d{17,20})$`)
	lookAlikes   = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1", "Z", "2", "S", "5")
)

// foreignForm knows signatures that are no hash of the text at all by their form, and the right one typed with letters that look like digits.
func (s *search) foreignForm(signature string) (Finding, bool) {
	begins := words.Phrase{En: "it begins with `" + words.Visible(words.Cut(s.Mask(signature), 24)) + "`", Zh: "它以 `" + words.Visible(words.Cut(s.Mask(signature), 24)) + "` 开头"}
	switch typed := lookAlikes.Replace(signature); {
	case passwordHash().MatchString(signature):
		return about("sign-password-hash", begins), true
	case webToken().MatchString(signature):
		return about("sign-jwt", begins), true
	case plainNumber().MatchString(signature):
		return about("sign-not-md5", begins), true
	case typed != signature && len(typed) == 2*md5.Size && s.verified(strings.ToUpper(typed)):
		at := words.FirstDifference(typed, signature)
		return about("sign-mistyped", words.Phrase{En: fmt.Sprintf("digit %d is `%c` in place of `%c`", at+1, signature[at], typed[at]), Zh: fmt.Sprintf("第 %d 位是 `%c`，应为 `%c`", at+1, signature[at], typed[at])}), true
	}
	return Finding{}, false
}

// signed is a hash as a number of two's complement.
func signed(hash [md5.Size]byte) *big.Int {
	n := new(big.Int).SetBytes(hash[:])
	if hash[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), 8*md5.Size))
	}
	return n
}

// uuidOf is a hash as UUID.nameUUIDFromBytes prints it, a UUID of version 3.
func uuidOf(hash [md5.Size]byte) []byte {
	hash[6], hash[8] = hash[6]&0x0f|0x30, hash[8]&0x3f|0x80
	return hash[:]
}

// fromBehind is a text with its bytes from the last to the first.
func fromBehind(text string) string {
	b := []byte(text)
	slices.Reverse(b)
	return string(b)
}

// guidOf is a hash as .NET's Guid prints it.
func guidOf(hash [md5.Size]byte) []byte {
	for _, part := range [][]byte{hash[0:4], hash[4:6], hash[6:8]} {
		slices.Reverse(part)
	}
	return hash[:]
}

// inWords is a hash whose words of four bytes are printed as numbers.
func inWords(hash [md5.Size]byte) []byte {
	for word := range slices.Chunk(hash[:], 4) {
		slices.Reverse(word)
	}
	return hash[:]
}

func dashed(id []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// halfWidth is a signature with full-width digits and letters in ASCII.
func halfWidth(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, text)
}

package diagnose

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

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
		{len(r.Key) >= fewest && strings.Contains(text, r.Key), fmt.Sprintf("it has %d characters, and the key is among them", len(text)), fmt.Sprintf("它有 %d 个字符，其中含有密钥", len(text))},
		{len(r.Stamp) >= fewest && text == r.Stamp, "it is time_stamp", "它是 time_stamp"},
		{len(r.No) >= fewest && text == r.No, "it is merchant_no", "它是 merchant_no"},
		{len(r.Data) >= fewest && text == r.Data, "it is data", "它是 data"},
	} {
		if c.is {
			return about("sign-not-hashed", words.Say(c.en, c.zh)), true
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
	begins := words.Say("it is `"+words.Visible(words.Cut(signature, 45))+"`", "它是 `"+words.Visible(words.Cut(signature, 45))+"`")
	if bigNumber().MatchString(signature) {
		number, negative := new(big.Int).SetBytes(right[:]), signed(right)
		for _, text := range []string{number.String(), number.Text(36), negative.String(), negative.Text(36), negative.Text(16)} {
			if strings.EqualFold(text, signature) && !strings.EqualFold(text, hex.EncodeToString(right[:])) {
				return about("sign-number", begins), true
			}
		}
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
	case slices.Equal(came, backwards) || slices.Equal(came, inWords(right)):
		return about("sign-byte-order", begins), true
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

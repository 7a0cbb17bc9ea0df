package diagnose

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// shape says what can be done with a signature.
type shape int

const (
	settled  shape = iota // the findings say it all
	md5Sized              // want holds the hash it stands for
	oddSized              // hex, but too long or short for MD5
	half                  // 16 hex digits: want holds the middle of the hash it may stand for
)

var fewDigits = words.Phrase{En: "the signature has less than 32 digits", Zh: "签名不足 32 位"}

// partOrOtherHash knows the signatures that are the right text, hashed or printed otherwise.
func (s *search) partOrOtherHash(signature string) (guess.Guess, bool) {
	text := strings.ToUpper(strings.NewReplacer("-", "", ":", "").Replace(strings.Trim(signature, " \t\r\n\"'\uFEFF")))
	g := s.Right
	ok := func(kind string, evidence words.Phrase) (guess.Guess, bool) {
		g.Mistakes, g.Evidence = []guess.Mistake{{Kind: kind}}, evidence
		return g, true
	}
	right := s.sum(s.Rule == sign.Strip)
	all := guess.UpperHex(right)
	var sparse strings.Builder
	for _, b := range right {
		fmt.Fprintf(&sparse, "%X", b)
	}
	switch {
	case len(text) > len(all) && text == extended(right):
		return ok("sign-extended", words.Phrase{En: fmt.Sprintf("the signature has %d digits", len(text)), Zh: fmt.Sprintf("签名有 %d 位", len(text))})
	case text == sparse.String() || text == strings.TrimLeft(all, "0"):
		return ok("leading-zero-dropped", words.Phrase{En: fmt.Sprintf("the signature has %d digits", len(text)), Zh: fmt.Sprintf("签名有 %d 位", len(text))})
	case len(text) < len(all) && len(text) > 0 && s.Came.CutBytes() == len(all)-len(text) && strings.HasPrefix(all, text):
		return ok("content-length-in-characters", s.Came.CutEvidence())
	case len(text) > len(all) && strings.Contains(text, all):
		return ok("sign-padded", words.Phrase{En: fmt.Sprintf("the right 32 digits are there, and %d more", len(text)-len(all)), Zh: fmt.Sprintf("其中有正确的 32 位，另外多了 %d 位", len(text)-len(all))})
	case len(text) >= 8 && len(text) < len(all) && strings.Contains(all, text):
		return ok("truncated", words.Phrase{
			En: fmt.Sprintf("the signature has only the %d digits from digit %d on", len(text), strings.Index(all, text)+1),
			Zh: fmt.Sprintf("签名只有从第 %d 位起的 %d 位", strings.Index(all, text)+1, len(text)),
		})
	}
	want, err := hex.DecodeString(text)
	if s.wide != nil {
		want, err = s.wide, nil
	}
	if twice, wrong := hex.DecodeString(string(want)); err == nil && wrong == nil && len(twice) > md5.Size { // hex digits written in hex once more
		want = twice
	}
	if err != nil || g.Size() > wire.Huge {
		return g, false
	}
	return s.otherHash(g, want)
}

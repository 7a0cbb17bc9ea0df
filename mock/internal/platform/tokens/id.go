package tokens

import (
	"crypto/sha256"
	"encoding/hex"
)

// id is a token's UUID, or a digest of another text.
type id [16]byte

// dashes are where a UUID has them, digits where each of its bytes has two.
var (
	dashes = [...]int{8, 13, 18, 23}
	digits = [...]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}
)

// hexValues are the values of hexadecimal digits in lower case, and notHex of every other byte. Each request looks a token up twice, and which
// digit comes next no processor can predict.
var hexValues = func() (values [256]byte) {
	for c := range values {
		values[c] = notHex
	}
	for i, c := range []byte("0123456789abcdef") {
		values[c] = byte(i)
	}
	return values
}()

const notHex = 0xff

// idOf is the id of a token's text, and whether the text is a UUID in lower case, as those that are drawn.
func idOf(text string) (of id, plain bool) {
	if len(text) != len("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
		return oddID(text), false
	}
	for _, i := range dashes {
		if text[i] != '-' {
			return oddID(text), false
		}
	}
	seen := byte(0)
	for n, i := range digits {
		high, low := hexValues[text[i]], hexValues[text[i+1]]
		seen |= high | low
		of[n] = high<<4 | low
	}
	if seen == notHex {
		return oddID(text), false
	}
	return of, true
}

func oddID(text string) (of id) {
	sum := sha256.Sum256([]byte(text))
	copy(of[:], sum[:])
	return of
}

// UUID is a UUID's text in lower case.
func UUID(b [16]byte) string {
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	for _, i := range dashes {
		text[i] = '-'
	}
	return string(text[:])
}

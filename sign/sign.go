package sign

import (
	"crypto/md5"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrMissing is matched by the errors of what cannot be checked at all: a signature, a signed part, or the key is
	// empty. The text names which.
	ErrMissing = errors.New("sign: missing")
	// ErrMismatch is matched by the error of a signature that is there and is not the right one. The right one is not in its
	// text: who asks may be an attacker.
	ErrMismatch = errors.New("sign: mismatch")
)

// Whitespace is the rule sign.whitespace: what of data + key + time_stamp is hashed. §6 says nothing about white space, so
// the default is to hash every byte; a public code base of merchants strips it. The zero value means [Exact].
type Whitespace string

// The values of the rule sign.whitespace.
const (
	Exact  Whitespace = "exact"  // the text as it is
	Strip  Whitespace = "strip"  // without any space, tab, CR and LF, inside strings too
	Either Whitespace = "either" // a verifier takes both; a signer signs as Exact
)

// Request signs a request (§6): UPPER(HEX(MD5(data + key + stamp))). Data is the decoded text of the parameter data,
// stamp the time_stamp as it is sent.
func Request(data, key, stamp string) string {
	return RequestWith(Exact, data, key, stamp)
}

// RequestWith signs a request under the rule sign.whitespace.
func RequestWith(ws Whitespace, data, key, stamp string) string {
	d := sum(ws == Strip, data, key, stamp)
	return string(d[:])
}

// Verifier checks the signatures of one merchant's requests (§6). It is a plain value: copy it, share it between
// goroutines.
type Verifier struct {
	Key        string     // the merchant's key
	Whitespace Whitespace // the rule sign.whitespace; empty means Exact
}

// Verify reports whether sign is the signature of data at stamp. Its error matches [ErrMissing] or [ErrMismatch]. Hex
// digits in lower case are a mismatch, since §6 asks for upper case. An empty key verifies nothing, so that a merchant
// without one is not open to everybody.
func (v Verifier) Verify(data, stamp, sign string) error {
	switch {
	case sign == "":
		return fmt.Errorf("%w: sign", ErrMissing)
	case data == "":
		return fmt.Errorf("%w: data", ErrMissing)
	case stamp == "":
		return fmt.Errorf("%w: time_stamp", ErrMissing)
	case v.Key == "":
		return fmt.Errorf("%w: the merchant's key", ErrMissing)
	}
	if v.Whitespace != Strip && equal(sum(false, data, v.Key, stamp), sign) {
		return nil
	}
	if (v.Whitespace == Strip || v.Whitespace == Either) && equal(sum(true, data, v.Key, stamp), sign) {
		return nil
	}
	return ErrMismatch
}

// digest is a signature as it goes on the wire.
type digest [2 * md5.Size]byte

// sum is UPPER(HEX(MD5(a + b + c))). Texts of the usual size are put together on the stack.
func sum(strip bool, a, b, c string) digest {
	var room [1024]byte
	buf := room[:0]
	if n := len(a) + len(b) + len(c); n > len(room) {
		buf = make([]byte, 0, n)
	}
	for _, part := range [...]string{a, b, c} {
		if strip {
			buf = appendStripped(buf, part)
		} else {
			buf = append(buf, part...)
		}
	}
	return upperHex(md5.Sum(buf))
}

func upperHex(hash [md5.Size]byte) (d digest) {
	const digits = "0123456789ABCDEF"
	for i, b := range hash {
		d[2*i], d[2*i+1] = digits[b>>4], digits[b&0xf]
	}
	return d
}

// appendStripped appends s without space, tab, CR and LF, as the clients of rule sign.whitespace=strip do it.
func appendStripped(dst []byte, s string) []byte {
	for {
		i := strings.IndexAny(s, " \t\r\n")
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		s = s[i+1:]
	}
}

// equal compares in constant time.
func equal(want digest, got string) bool {
	return len(got) == len(want) && subtle.ConstantTimeCompare(want[:], []byte(got)) == 1
}

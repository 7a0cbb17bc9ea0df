package sign

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// shape says what can be done with a signature.
type shape int

const (
	settled  shape = iota // the findings say it all
	md5Sized              // d.want holds the hash it stands for
	oddSized              // hex, but too long or short for MD5
)

var fewDigits = phrase{"the signature has less than 32 digits", "签名不足 32 位"}

// examine says what is wrong with the signature as a text, and takes out the hash to look for.
func (d *doctor) examine(signature string) ([]Finding, shape) {
	var found []Finding
	s := strings.Trim(signature, " \t\r\n\"'")
	if s != signature {
		found = append(found, about("sign-padded", phrase{"white space or quotes stand around the signature", "签名前后有空白或引号"}))
	}
	if raw, err := base64.StdEncoding.DecodeString(s); err == nil && len(raw) == md5.Size {
		d.want = [md5.Size]byte(raw)
		found = append(found, about("base64", phrase{"the hash is written in base64, not in hex", "哈希值写成了 base64，而不是十六进制"}))
		if d.isRight() {
			return found, settled
		}
		return found, md5Sized
	}
	if plain := strings.NewReplacer("-", "", ":", "", " ", "").Replace(s); plain != s && len(plain) == 2*md5.Size {
		found = append(found, about("sign-separated", phrase{"the digits of the signature are in groups", "签名的各位被分隔成组"}))
		s = plain
	}
	if i := strings.IndexFunc(s, notHex); i >= 0 {
		return append(found, about("not-hex", phrase{
			fmt.Sprintf("byte %d of the %d of the signature is no hex digit", i, len(s)),
			fmt.Sprintf("签名共 %d 字节，第 %d 字节不是十六进制数字", len(s), i),
		})), settled
	}
	if upper := strings.ToUpper(s); upper != s {
		found = append(found, about("lower-case", phrase{"the signature has hex digits in lower case", "签名含有小写的十六进制字母"}))
		s = upper
	}
	// A big number printed in hex loses the zeros in front.
	const fewest = 2*md5.Size - 4
	if len(s) >= fewest && len(s) <= 2*md5.Size {
		raw, _ := hex.DecodeString(strings.Repeat("0", 2*md5.Size-len(s)) + s)
		d.want = [md5.Size]byte(raw)
		d.padded = len(s) < 2*md5.Size
		if d.isRight() {
			if d.padded {
				found = append(found, about("leading-zero-dropped", fewDigits))
			}
			return found, settled // only its looks were wrong
		}
		return found, md5Sized
	}
	return found, oddSized
}

// rightText is what should have been hashed.
func (d *doctor) rightText() []byte {
	text := d.right.append(nil)
	if d.rule == Strip {
		return appendStripped(nil, string(text))
	}
	return text
}

// sum is the hash of the right text, stripped or not, taken once: data may be long.
func (d *doctor) sum(strip bool) [md5.Size]byte {
	if sum, known := d.sums[strip]; known {
		return sum
	}
	text := d.right.append(nil)
	if strip {
		text = appendStripped(nil, string(text))
	}
	if d.sums == nil {
		d.sums = map[bool][md5.Size]byte{}
	}
	d.sums[strip] = md5.Sum(text)
	return d.sums[strip]
}

// isRight reports whether d.want is the hash that Verify wants, and only its looks were wrong.
func (d *doctor) isRight() bool {
	return d.sum(d.rule == Strip) == d.want || d.rule == Either && d.sum(true) == d.want
}

// verified is what Verify says of a signature.
func (d *doctor) verified(signature string) bool {
	if d.right.data == "" || d.right.key == "" || d.right.stamp == "" {
		return false
	}
	return equal(upperHex(d.sum(d.rule == Strip)), signature) || d.rule == Either && equal(upperHex(d.sum(true)), signature)
}

func notHex(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }

// partOrOtherHash knows the signatures that are the right text, hashed or printed otherwise.
func (d *doctor) partOrOtherHash(signature string) (guess, bool) {
	s := strings.ToUpper(strings.NewReplacer("-", "", ":", "").Replace(strings.Trim(signature, " \t\r\n\"'")))
	g := d.right
	right := d.sum(d.rule == Strip)
	digits := upperHex(right)
	all := string(digits[:])
	var sparse strings.Builder
	for _, b := range right {
		fmt.Fprintf(&sparse, "%X", b)
	}
	switch {
	case s == sparse.String() || s == strings.TrimLeft(all, "0"):
		g.kinds = []string{"leading-zero-dropped"}
		return g, true
	case len(s) >= 8 && len(s) < len(all) && strings.Contains(all, s):
		g.kinds = []string{"truncated"}
		g.note = phrase{
			fmt.Sprintf("the signature has only the %d digits from digit %d on", len(s), strings.Index(all, s)),
			fmt.Sprintf("签名只有从第 %d 位起的 %d 位", strings.Index(all, s), len(s)),
		}
		return g, true
	}
	want, err := hex.DecodeString(s)
	if err != nil || g.size() > effort/4 {
		return g, false
	}
	for _, algorithm := range []struct {
		name string
		make func() hash.Hash
	}{{"md5", md5.New}, {"sha1", sha1.New}, {"sha256", sha256.New}, {"sha512", sha512.New}} {
		h := algorithm.make()
		if h.Size() != len(want) {
			continue
		}
		h.Write(d.rightText())
		if bytes.Equal(h.Sum(nil), want) {
			g.kinds = []string{algorithm.name}
			return g, true
		}
		h = hmac.New(algorithm.make, []byte(g.key))
		for _, form := range [][]string{slices.DeleteFunc(slices.Clone(g.form), isKey), g.form, {theData}} {
			h.Reset()
			g.form = form
			h.Write(g.append(nil))
			if bytes.Equal(h.Sum(nil), want) {
				g.kinds = []string{"hmac-" + algorithm.name}
				return g, true
			}
		}
		g.form = d.right.form
	}
	return g, false
}

func isKey(name string) bool { return name == theKey }
